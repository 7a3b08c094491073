import { Failure } from '../../failure.ts';
import { expand, pairsOf } from './expand.ts';
import type { Values } from './expand.ts';
import { parseDockerfile } from './parse.ts';
import type { Instruction } from './parse.ts';

/** A stage: its FROM, what follows, and the images and stages that it takes something from. */
export interface Stage {
  readonly name: string;
  /** The expanded name in FROM: an image, an earlier stage, or `scratch`. */
  readonly base: string;
  readonly from: Instruction;
  readonly body: readonly Instruction[];
}

/** A Dockerfile as a build of one target sees it. */
export interface Dockerfile {
  readonly path: string;
  readonly text: string;
  /** Every stage before and with the target. */
  readonly stages: readonly Stage[];
  readonly target: Stage;
  /** ARGs before the first FROM, and those that every builder sets. */
  readonly values: Values;
}

/** What is asked of a Dockerfile. */
export interface BuildWish {
  readonly path: string;
  readonly target: string | undefined;
  readonly args: Values;
}

/** What a build for linux/amd64 sets by itself. */
const platform: Values = {
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETARCH: 'amd64',
  TARGETVARIANT: '',
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDARCH: 'amd64',
  BUILDVARIANT: '',
};

/** Reads a Dockerfile; DOCKERFILE_INVALID names the line of what cannot be built. */
export function readDockerfile(text: string, { path, target, args }: BuildWish): Dockerfile {
  const all = parseDockerfile(text);
  const start = all.findIndex(({ keyword }) => keyword === 'FROM');
  if (start === -1) throw invalid(path, 'It has no FROM.');
  const values = valuesOf(all.slice(0, start), args);
  const stages = stagesOf(path, all.slice(start), values);
  const wanted = target === undefined ? stages.length - 1 : stageAt(stages, target);
  const found = stages[wanted];
  if (!found)
    throw invalid(
      path,
      `There is no stage '${target}'; it has ${stages.map(({ name }) => name || '(unnamed)').join(', ')}.`,
    );
  return { path, text, stages: stages.slice(0, wanted + 1), target: found, values };
}

/** The place of a stage by name or number; -1 = there is none. */
export function stageAt(stages: readonly Stage[], name: string): number {
  const byName = stages.findIndex((stage) => stage.name === name.toLowerCase());
  return byName === -1 && /^\d+$/.test(name) && Number(name) < stages.length
    ? Number(name)
    : byName;
}

function valuesOf(before: readonly Instruction[], args: Values): Values {
  let values: Values = platform;
  for (const { keyword, rest } of before) {
    if (keyword !== 'ARG') continue;
    for (const [name, value] of argumentsOf(rest))
      values = { ...values, [name]: args[name] ?? expand(value, values) };
  }
  return values;
}

/** `ARG A=1 B` gives A its default and B none. */
export function argumentsOf(rest: string): readonly (readonly [string, string])[] {
  return rest.includes('=')
    ? pairsOf(rest)
    : rest.split(/\s+/).map((name): readonly [string, string] => [name, '']);
}

function stagesOf(path: string, all: readonly Instruction[], values: Values): readonly Stage[] {
  const stages: Stage[] = [];
  const starts = all.flatMap(({ keyword }, index) => (keyword === 'FROM' ? [index] : []));
  for (const [place, index] of starts.entries()) {
    const from = all[index];
    if (!from) continue;
    const [, written = '', , name = ''] = /^(\S+)(\s+AS\s+(\S+))?\s*$/i.exec(from.rest) ?? [];
    const base = expand(written, values);
    if (base === '')
      throw invalid(path, `Line ${from.first + 1}: FROM ${from.rest} names no image.`);
    stages.push({
      ...{ name: name.toLowerCase(), base, from },
      body: all.slice(index + 1, starts[place + 1] ?? all.length),
    });
  }
  return stages;
}

function invalid(path: string, why: string): Failure {
  return new Failure({
    code: 'DOCKERFILE_INVALID',
    what: `${path} cannot be built`,
    why,
    fix: 'Fix the Dockerfile, or `build` of the service in windlass.yaml.',
  });
}
