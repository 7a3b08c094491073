import { z } from 'zod';
import { expand, pairsOf } from './expand.ts';
import type { Values } from './expand.ts';
import { argumentsOf, stageAt } from './stages.ts';
import type { Dockerfile, Stage } from './stages.ts';

/** How a container of the image starts, as far as the Dockerfile itself says. */
export interface Start {
  /** ENTRYPOINT and CMD; empty = the base image decides. */
  readonly command: readonly string[];
  /** How many of its words are ENTRYPOINT's. */
  readonly fixed: number;
  readonly env: Values;
  readonly workdir: string;
}

/** Follows the target and the stages that it stands on. */
export function startOf(dockerfile: Dockerfile, args: Values): Start {
  let values: Values = dockerfile.values;
  let env: Values = {};
  let workdir = '/';
  let entrypoint: readonly string[] = [];
  let command: readonly string[] = [];
  for (const { keyword, rest } of chainOf(dockerfile).flatMap(({ body }) => body)) {
    if (keyword === 'ARG')
      for (const [name, value] of argumentsOf(rest))
        values = { ...values, [name]: args[name] ?? (expand(value, values) || values[name] || '') };
    if (keyword === 'ENV')
      for (const [name, value] of pairsOf(rest))
        env = { ...env, [name]: expand(value, { ...values, ...env }) };
    if (keyword === 'WORKDIR') workdir = joined(workdir, expand(rest, { ...values, ...env }));
    if (keyword === 'CMD') command = wordsOf(rest);
    if (keyword === 'ENTRYPOINT') [entrypoint, command] = [wordsOf(rest), []];
  }
  return { command: [...entrypoint, ...command], fixed: entrypoint.length, env, workdir };
}

function chainOf({ stages, target }: Dockerfile): readonly Stage[] {
  const before = stages.slice(0, stages.indexOf(target));
  const below = before[stageAt(before, target.base)];
  if (!below) return [target];
  const path = { stages: before, target: below };
  return [...chainOf({ ...path, path: '', text: '', values: {} }), target];
}

/** The exec form as it is, the shell form through /bin/sh. */
function wordsOf(rest: string): readonly string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(rest));
  } catch {
    return ['/bin/sh', '-c', rest];
  }
}

function joined(before: string, next: string): string {
  return next.startsWith('/') ? next : `${before.replace(/\/$/, '')}/${next}`;
}
