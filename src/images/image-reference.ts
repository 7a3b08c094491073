import { Failure } from '../failure.ts';

/** Where an image lies: registry, path, and the tag or the digest that names one of many. */
export interface ImageReference {
  readonly host: string;
  readonly path: string;
  readonly tag: string;
  /** `sha256:…`; undefined where a tag names it. */
  readonly digest: string | undefined;
}

const form =
  /^(?:([^/@]+)\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Reads a reference as every container engine does: `python:3.13-slim` lies in docker.io/library. */
export function readReference(text: string): ImageReference | undefined {
  const [, first, rest = '', tag = 'latest', digest] = form.exec(text) ?? [];
  if (rest === '') return undefined;
  if (first !== undefined && isHost(first)) return { host: first, path: rest, tag, digest };
  const path = first === undefined ? rest : `${first}/${rest}`;
  return {
    host: 'docker.io',
    path: path.includes('/') ? path : `library/${path}`,
    ...{ tag, digest },
  };
}

/** The reference that says everything: host, path, and the digest or else the tag. */
export function fullReference({ host, path, tag, digest }: ImageReference): string {
  return digest === undefined ? `${host}/${path}:${tag}` : `${host}/${path}@${digest}`;
}

/** The reference, or IMAGE_REFERENCE_INVALID. */
export function requireReference(text: string, where: string): ImageReference {
  const found = readReference(text);
  if (found) return found;
  throw new Failure({
    code: 'IMAGE_REFERENCE_INVALID',
    what: `${where} names the image '${text}'`,
    why: 'That is not an image reference: [HOST/]PATH[:TAG][@sha256:DIGEST], the path in lower case.',
    fix: 'Fix the name.',
  });
}

function isHost(first: string): boolean {
  return first.includes('.') || first.includes(':') || first === 'localhost';
}
