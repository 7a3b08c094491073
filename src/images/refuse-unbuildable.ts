import { Failure } from '../failure.ts';

interface Declared {
  readonly region: string;
  readonly services: Readonly<
    Record<string, { readonly source?: string | undefined; readonly image?: string | undefined }>
  >;
}

/**
 * A Failure that names every service whose image could not start in the clouds: what `source` gives
 * is a layer of files without a base, which only the sandbox can run.
 */
export function refuseUnbuildable(
  environment: { readonly name: string; readonly project: string; readonly target: string },
  { services, region }: Declared,
): void {
  if (environment.target !== 'cloud') return;
  const bare = Object.keys(services).filter((name) => services[name]?.image === undefined);
  const [first] = bare;
  if (first === undefined) return;
  const place = `${region}-docker.pkg.dev/${environment.project}/REPOSITORY`;
  throw new Failure({
    code: 'IMAGE_NOT_STARTABLE',
    what: `${environment.name} lies in the clouds, and there is no image to start there for ${bare.join(', ')}`,
    why: `\`source\` alone gives the files of a folder without a base image (no system, no interpreter), which only the sandbox can run; Windlass builds no other image yet`,
    fix: `Build and push an image of each, and name it beside \`source\` in windlass.yaml: \`services.${first}.image: ${place}/${first}@sha256:…\`.`,
  });
}
