import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildPlan } from './build-plan.ts';
import { readContext } from './context/read-context.ts';
import type { Context } from './context/read-context.ts';
import { stageContext } from './context/stage-context.ts';
import { basesOf, withBases } from './dockerfile/bases.ts';
import { readDockerfile } from './dockerfile/stages.ts';
import type { Dockerfile } from './dockerfile/stages.ts';
import type { Engine } from './engines/engine.ts';
import { findBuilder, mayBuildElsewhere } from './engines/find-engine.ts';
import type { ImageRoom } from './image-room.ts';
import { inputDigest } from './input-digest.ts';
import type { KnownBases } from './known-bases.ts';
import { unpackImage } from './layout.ts';
import { noBuilder } from './refuse-unbuildable.ts';
import type { ResolvedBase } from './resolve-bases.ts';
import { sayHeldBack } from './say-held-back.ts';

/** What is known of a build before it begins. */
interface Prepared {
  readonly service: string;
  readonly plan: BuildPlan;
  readonly dockerfile: Dockerfile;
  readonly bases: readonly ResolvedBase[];
  readonly context: Context;
  readonly input: string;
}

/** What the images of one release share. */
interface Needed {
  readonly room: ImageRoom;
  readonly bases: KnownBases;
}

/**
 * The image of a service's Dockerfile: that of an earlier build of the same inputs, on whatever
 * machine, else built now. Throws BaseUnavailable where a base image cannot be had.
 */
export async function containerImage(
  service: string,
  plan: BuildPlan,
  { room, bases }: Needed,
): Promise<BuildRecord> {
  const engine = (await findBuilder()) ?? (mayBuildElsewhere(room) ? room.elsewhere : undefined);
  const prepared = await prepare({ service, plan, room, bases, engine });
  const { input } = prepared;
  const shared = await room.shelf?.find(input);
  if (shared) return shared;
  const known = await room.local.find(input);
  const record = known ?? (await buildNow(prepared, { room, bases }, engine));
  if (!room.shelf) return record;
  const image = await room.local.image(record);
  return image ? room.shelf.keep(record, image) : record;
}

async function prepare(asked: {
  readonly service: string;
  readonly plan: BuildPlan;
  readonly room: ImageRoom;
  readonly bases: KnownBases;
  readonly engine: Engine | undefined;
}): Promise<Prepared> {
  const { service, plan, room, engine } = asked;
  const { folder, wanted, target, args, dockerfile: file = '' } = plan;
  const text = await readFile(file, 'utf8');
  const dockerfile = readDockerfile(text, { path: wanted, target, args });
  const where = {
    file: wanted,
    ...(engine && { engine }),
    ...(room.google && { google: room.google }),
  };
  const bases = await Promise.all(
    basesOf(dockerfile).map((base) => asked.bases.resolve(base, where)),
  );
  const context = await readContext(folder, file);
  sayHeldBack(room, service, context.heldBack);
  const digests = new Map(bases.map(({ name, digest }) => [name, digest]));
  const input = inputDigest({
    ...{ dockerfile: text, target, args },
    ...{ bases: digests, context: context.entries },
  });
  return { service, plan, dockerfile, bases, context, input };
}

async function buildNow(
  prepared: Prepared,
  { room, bases: known }: Needed,
  engine: Engine | undefined,
): Promise<BuildRecord> {
  const { service, bases, input } = prepared;
  if (!engine) throw noBuilder(room.environment, [service]);
  for (const base of bases) await known.ensure(base, engine);
  room.tell(`building ${service} with ${engine.name} …`);
  const folder = await temporaryFolder('build');
  try {
    const archive = join(folder, 'image.tar');
    const provenance = await engine.build({
      ...(await laidOut(prepared, folder)),
      ...{ archive, labels: labelsOf(input, room), keptAs: `localhost/windlass/${service}:latest` },
      log: join(room.logs, `${service}.log`),
    });
    const image = unpackImage(await readFile(archive));
    const record: BuildRecord = {
      ...{ version: 1, input, manifest: image.digest, builder: engine.name },
      ...(room.commit !== undefined && { commit: room.commit }),
      bases: Object.fromEntries(bases.map(({ name, digest }) => [name, digest])),
      ...(provenance !== undefined && provenance !== null && { provenance }),
    };
    return await room.local.keep(record, image);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The context and the Dockerfile with its bases by digest, apart from the tree and from each other. */
async function laidOut({ plan, dockerfile, bases, context }: Prepared, folder: string) {
  const staged = join(folder, 'context');
  await mkdir(staged);
  await stageContext(context, staged);
  const pinned = new Map(
    bases.filter(({ held }) => !held).map(({ name, reference }) => [name, reference]),
  );
  const file = join(folder, 'Dockerfile');
  await writeFile(file, withBases(dockerfile, bases, pinned));
  return { context: staged, dockerfile: file, target: plan.target, args: plan.args };
}

function labelsOf(input: string, { commit }: ImageRoom): Readonly<Record<string, string>> {
  const revision = commit === undefined ? {} : { 'org.opencontainers.image.revision': commit };
  return { 'dev.windlass.input': input, ...revision };
}
