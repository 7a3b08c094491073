import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Build } from '../config/build.ts';
import type { Values } from './dockerfile/expand.ts';

/** What windlass.yaml says of a service's image, with absolute paths. */
export interface BuildPlan {
  /** The folder sent to the build. */
  readonly folder: string;
  /** The folder of the service, which a process starts in. */
  readonly home: string;
  /** The Dockerfile as it is wanted, below the project's folder. */
  readonly wanted: string;
  /** Where the Dockerfile lies; undefined = there is none. */
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly args: Values;
  /** Whether the service puts arguments of its own in place of the image's CMD. */
  readonly split: boolean;
  /** Whether the service says itself what is started. */
  readonly told: boolean;
}

interface Built {
  readonly source?: string | undefined;
  readonly build?: Build | undefined;
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
}

/** Fills in what `build` leaves out: the folder is `source`, the Dockerfile lies in it. */
export function buildPlanOf(root: string, { source, build, command, args }: Built): BuildPlan {
  const context = build?.context ?? source ?? '.';
  const wanted = normalize(build?.dockerfile ?? join(source ?? context, 'Dockerfile'));
  const file = join(root, wanted);
  return {
    folder: join(root, context),
    home: join(root, source ?? context),
    wanted,
    dockerfile: existsSync(file) ? file : undefined,
    target: build?.target,
    args: build?.args ?? {},
    split: args !== undefined,
    told: command !== undefined,
  };
}
