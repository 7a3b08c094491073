import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Play, Played, Point } from './play.ts';

/** What an earlier run of the program has played, as it wrote it. */
export function readPlayed(file: string): readonly Played[] {
  return z.array(z.custom<Played>(isPlayed)).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Equal for plays that strike the same run at the same moments. */
export function keyOf(run: Play['run'], points: readonly Point[]): string {
  return `${run}: ${points.map(({ kind, event }) => `${kind}@${event}`).join(', ')}`;
}

const shape = z.looseObject({ run: z.string(), struck: z.array(z.looseObject({})) });

function isPlayed(value: unknown): boolean {
  return shape.safeParse(value).success;
}
