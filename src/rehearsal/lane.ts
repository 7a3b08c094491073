import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { Failure } from '../failure.ts';
import { changeScratch } from './change-scratch.ts';
import { openLoad } from './load.ts';
import type { Load } from './load.ts';
import { layOutScratch } from './scratch.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

/** What a lane is made of. */
export interface LaneAt {
  readonly root: string;
  readonly config: Config;
  readonly folder: string;
  readonly environment: string;
  readonly workflows: string;
  readonly signal: AbortSignal;
}

/** A scratch sandbox in which the tree stands, with a small change that waits to be deployed. */
export interface Lane {
  readonly stage: Stage;
  /** The service that the change is about. */
  readonly service: string;
  /** Whether the smoke test asks that service more than its start-up probe. */
  readonly asked: boolean;
  /** Users of its database, from then on. */
  readonly load: Load;
}

/** Deploys the tree into a scratch sandbox of its own; what an earlier rehearsal left there goes. */
export async function openLane(at: LaneAt): Promise<Lane> {
  await closeLane(at);
  const { root, config, folder, environment } = at;
  await layOutScratch(root, config, folder);
  const stage = stageOf(at);
  await stage.plant([]);
  const { exitCode, talk } = await stage.windlass('deploy');
  if (exitCode !== 0) throw notReady(talk);
  const load = await openLoad(await stage.database());
  const service = await changeScratch(folder, config, environment);
  return { stage, load, service, asked: config.services[service]?.ready !== undefined };
}

/** Keeps the logs of a lane's processes in another folder. */
export async function keepLogs({ folder }: LaneAt, into: string): Promise<void> {
  await cp(join(folder, '.windlass', 'log'), into, { recursive: true });
}

/** Ends every process of a lane and removes its folder. */
export async function closeLane(at: LaneAt): Promise<void> {
  await stageOf(at).close();
  await rm(at.folder, { recursive: true, force: true });
}

function stageOf({ folder, environment, workflows, signal }: LaneAt): Stage {
  const home = join(folder, '.windlass');
  return openStage({ root: folder, home, environment, workflows, signal });
}

function notReady(talk: string): Failure {
  return new Failure({
    code: 'REHEARSAL_FAILED',
    what: 'The tree could not be deployed into the scratch sandbox',
    why: talk.trim().split('\n').slice(-12).join('\n'),
    fix: 'A deploy of this tree fails without any planted failure: fix that first.',
  });
}
