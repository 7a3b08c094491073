import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { imageNamed } from '../config/own-services.ts';
import { findRunner } from '../container-runner.ts';
import { Failure } from '../failure.ts';
import { processImage } from './build.ts';
import { buildPlanOf } from './build-plan.ts';
import type { BuildPlan } from './build-plan.ts';
import { containerImage } from './container-image.ts';
import { readDockerfile } from './dockerfile/stages.ts';
import { findBuilder, mayBuildElsewhere } from './engines/find-engine.ts';
import type { Image } from './image.ts';
import type { BuildFact, ImageRoom } from './image-room.ts';
import { knownBases } from './known-bases.ts';
import type { KnownBases } from './known-bases.ts';
import { processStartOf } from './process-start.ts';
import { refuseBare } from './refuse-unbuildable.ts';
import { BaseUnavailable } from './resolve-bases.ts';
import { resolveGiven } from './resolve-given.ts';
import { sayHeldBack } from './say-held-back.ts';

/** What the services of a release run. */
export interface GatheredImages {
  /** Per service: the digest of its image, or a whole reference where windlass.yaml names one. */
  readonly images: Readonly<Record<string, string>>;
  /** Images that still have to be stored. */
  readonly built: Readonly<Record<string, Image>>;
  readonly facts: Readonly<Record<string, BuildFact>>;
}

interface Gathering {
  readonly root: string;
  readonly room: ImageRoom | undefined;
  readonly signedBy: Config['images']['signedBy'];
  readonly bases: KnownBases;
  readonly images: Record<string, string>;
  readonly built: Record<string, Image>;
  readonly facts: Record<string, BuildFact>;
  /** Services that become processes although they have a Dockerfile, by the reason. */
  readonly without: Map<string, string[]>;
}

/**
 * Finds or builds the image of every service. Without a room nothing outside of the folder is asked
 * and every image is one for the sandbox's processes.
 */
export async function gatherImages(
  root: string,
  config: Config,
  room?: ImageRoom,
): Promise<GatheredImages> {
  const found = { images: {}, built: {}, facts: {}, without: new Map() };
  const { signedBy } = config.images;
  const gathering = { root, room, signedBy, bases: knownBases(), ...found };
  for (const [name, service] of Object.entries(config.services)) {
    const named = imageNamed(config, room?.environment, name);
    if (named === undefined) await ofSource(gathering, name, buildPlanOf(root, service));
    else await ofReference(gathering, name, named);
  }
  await sayHowRun(gathering);
  return gathering;
}

async function ofReference(gathering: Gathering, name: string, image: string): Promise<void> {
  gathering.images[name] = await resolveGiven(name, image, gathering);
  gathering.facts[name] = { kind: 'given', image };
}

async function ofSource(gathering: Gathering, name: string, plan: BuildPlan): Promise<void> {
  const { room } = gathering;
  const why = await whyProcess(room, plan);
  if (room !== undefined && why === undefined) {
    try {
      const { manifest, input } = await containerImage(name, plan, {
        room,
        bases: gathering.bases,
      });
      gathering.images[name] = manifest;
      gathering.facts[name] = { kind: 'container', input };
      return;
    } catch (error) {
      if (!(error instanceof BaseUnavailable)) throw error;
      if (room.target === 'cloud') throw baseMissing(name, error);
      const cannot = `the base image ${error.base} cannot be fetched (${error.message})`;
      gathering.without.set(cannot, [...(gathering.without.get(cannot) ?? []), name]);
    }
  } else if (why) gathering.without.set(why, [...(gathering.without.get(why) ?? []), name]);
  await asProcess(gathering, name, plan);
}

/** Why there is no container: '' where there is nothing to say about it; undefined = there is one. */
async function whyProcess(
  room: ImageRoom | undefined,
  { dockerfile }: BuildPlan,
): Promise<string | undefined> {
  if (dockerfile === undefined || room === undefined) return '';
  if (room.target === 'cloud') return undefined;
  if ((await findBuilder()) === undefined && !mayBuildElsewhere(room))
    return 'there is no container engine here';
  return (await findRunner()) ? undefined : 'no container can be run here';
}

async function asProcess(gathering: Gathering, name: string, plan: BuildPlan): Promise<void> {
  const { room } = gathering;
  if (room?.target === 'cloud') refuseBare(room.environment, [name]);
  const { home, wanted, dockerfile, target, args, split, told } = plan;
  const own = existsSync(join(home, 'service.json'));
  const start =
    own || dockerfile === undefined
      ? undefined
      : processStartOf(
          readDockerfile(await readFile(dockerfile, 'utf8'), { path: wanted, target, args }),
          { service: name, folder: home, args, split, told },
        );
  const { image, heldBack } = await processImage(home, start);
  sayHeldBack(room, name, heldBack);
  gathering.built[name] = image;
  gathering.images[name] = image.digest;
  gathering.facts[name] = { kind: 'process' };
}

function baseMissing(service: string, { base, message }: BaseUnavailable): Failure {
  return new Failure({
    code: 'BASE_UNAVAILABLE',
    what: `The base image ${base} of ${service} cannot be fetched`,
    why: message,
    fix: 'Fix its name in the Dockerfile, log in to its registry (`docker login`, `podman login`), or try again when the registry responds.',
  });
}

/** How the images run here, where that differs from what Cloud Run would do. */
async function sayHowRun({ room, facts, without }: Gathering): Promise<void> {
  const contained = Object.values(facts).some(({ kind }) => kind === 'container');
  if (contained && room?.target === 'sandbox' && (await findRunner())?.network === 'host')
    room.tell(
      'containers listen on this machine’s own network here: each gets a PORT of its own, and one that listens on a fixed port may find it taken',
    );
  for (const [why, names] of without)
    room?.tell(
      `${why}: the sandbox runs ${names.join(', ')} as processes of this machine; such images cannot be deployed to the cloud`,
    );
}
