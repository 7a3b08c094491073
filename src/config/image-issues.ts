import { isGoogles } from '../gcp/registry.ts';
import { readReference } from '../images/image-reference.ts';
import type { Issue } from './issue.ts';

type Images = Readonly<Record<string, { readonly image?: string | undefined }>>;

interface Written {
  readonly services: Images;
  readonly environments: Readonly<Record<string, { readonly services?: Images | undefined }>>;
}

/** Every `image` that is no reference, or that Cloud Run could not take from where it lies. */
export function imageIssues({ services, environments }: Written): readonly Issue[] {
  return [
    ...issuesOf(services, ['services']),
    ...Object.entries(environments).flatMap(([name, { services: own = {} }]) => {
      const path = ['environments', name, 'services'];
      return [...issuesOf(own, path), ...unknownIn(own, services, path)];
    }),
  ];
}

function issuesOf(images: Images, path: readonly string[]): readonly Issue[] {
  return Object.entries(images).flatMap(([name, { image }]) => {
    const message = image === undefined ? undefined : issueOf(image);
    return message === undefined ? [] : [{ path: [...path, name, 'image'], message }];
  });
}

function issueOf(image: string): string | undefined {
  const found = readReference(image);
  if (!found) return `'${image}' is not an image reference: [HOST/]PATH[:TAG][@sha256:DIGEST]`;
  if (isGoogles(found.host) || found.host === 'docker.io') return undefined;
  return `Cloud Run does not pull images from ${found.host}: use a remote repository of Artifact Registry (REGION-docker.pkg.dev/PROJECT/REPOSITORY/${found.path})`;
}

function unknownIn(own: Images, all: Images, path: readonly string[]): readonly Issue[] {
  return Object.keys(own)
    .filter((name) => all[name] === undefined)
    .map((name) => ({
      path: [...path, name],
      message: `there is no service '${name}': ${Object.keys(all).join(', ')}`,
    }));
}
