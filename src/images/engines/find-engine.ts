import { answerOf, builderVariable } from '../../container-runner.ts';
import { Failure } from '../../failure.ts';
import { buildahLike } from './buildah.ts';
import { docker } from './docker.ts';
import type { Engine } from './engine.ts';

const known = ['docker', 'buildah', 'podman', 'cloud-build', 'none'] as const;
type Known = (typeof known)[number];

/** What `WINDLASS_BUILDER` says; undefined = nothing. */
function wantedBuilder(): Known | undefined {
  const text = process.env[builderVariable];
  if (text === undefined || text === '') return undefined;
  const found = known.find((name) => name === text);
  if (found) return found;
  throw new Failure({
    code: 'USAGE',
    what: `${builderVariable} is '${text}'`,
    why: `the builders are ${known.join(', ')}`,
    fix: `Use one of them, or unset ${builderVariable}.`,
  });
}

let builder: Promise<Engine | undefined> | undefined;

/** The engine that builds here: docker with buildx, buildah, podman; undefined where there is none. */
export async function findBuilder(): Promise<Engine | undefined> {
  return (builder ??= lookForBuilder());
}

async function lookForBuilder(): Promise<Engine | undefined> {
  const wanted = wantedBuilder();
  const asks = (name: Known) => wanted === undefined || wanted === name;
  if (asks('docker') && (await dockerWorks())) return docker;
  if (asks('buildah') && (await answerOf('buildah', ['--version']))) return buildahLike('buildah');
  if (asks('podman') && (await answerOf('podman', ['--version']))) return buildahLike('podman');
  return undefined;
}

/** Whether Google Cloud Build may do it: in the clouds by itself, in the sandbox where it is asked for. */
export function mayBuildElsewhere({ target }: { readonly target: string }): boolean {
  const wanted = wantedBuilder();
  return wanted === 'cloud-build' || (wanted === undefined && target === 'cloud');
}

/** A client without its server, or without buildx, builds nothing. */
async function dockerWorks(): Promise<boolean> {
  if ((await answerOf('docker', ['buildx', 'version'])) === undefined) return false;
  return Boolean(await answerOf('docker', ['version', '--format', '{{.Server.Version}}']));
}
