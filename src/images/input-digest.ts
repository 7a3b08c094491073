import { createHash } from 'node:crypto';
import type { ContextEntry } from './context/read-context.ts';
import type { Values } from './dockerfile/expand.ts';

/** Everything that decides what an image will hold. */
export interface BuildInput {
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly args: Values;
  /** Digest of every base, by its name in the Dockerfile. */
  readonly bases: ReadonlyMap<string, string>;
  readonly context: readonly ContextEntry[];
}

/** `sha256:…` over the inputs of a build; equal inputs have equal digests on every machine. */
export function inputDigest({ dockerfile, target, args, bases, context }: BuildInput): string {
  const sorted = (pairs: Iterable<readonly [string, string]>) =>
    [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = JSON.stringify({
    version: 1,
    platform: 'linux/amd64',
    dockerfile: createHash('sha256').update(dockerfile).digest('hex'),
    target: target ?? null,
    args: sorted(Object.entries(args)),
    bases: sorted(bases),
    context: context.map(({ path, kind, content }) => [path, kind, content]),
  });
  return `sha256:${createHash('sha256').update(whole).digest('hex')}`;
}
