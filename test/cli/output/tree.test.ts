import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { treeLines } from '../../../src/cli/output/tree.ts';
import type { Doing } from '../../../src/cli/output/tree.ts';
import type { StepProgress } from '../../../src/step.ts';

const now = 100_000;
const backup: StepProgress = {
  ...{ id: 'backup', title: 'Back up state and database', status: 'done' },
  ...{ startedAt: 1000, endedAt: 9000 },
};
const foundation: StepProgress = {
  ...{ id: 'foundation', title: 'Apply the foundation', status: 'running', startedAt: 9000 },
};
const supabase: StepProgress = {
  ...{ id: 'supabase', title: 'Set up Supabase', status: 'running', startedAt: 17_000 },
};
const services: StepProgress = { id: 'services', title: 'Create revisions', status: 'waiting' };

function shown(
  steps: readonly StepProgress[],
  doing: readonly Doing[] = [],
  forward: readonly StepProgress[] = [],
): readonly string[] {
  const kept = new Map(forward.map((step) => [step.id, step]));
  const lines = treeLines(steps, { now, doing, forward: kept, columns: 200 });
  return lines.map((line) => stripVTControlCharacters(line));
}

it('shows how long each step took or has run, and marks those that run side by side', () => {
  const [first, second, third, fourth] = shown([backup, foundation, supabase, services]);
  expect(first).toMatch(/^✔ {3}backup .* 8\.0 s$/);
  expect(second).toMatch(/^. ║ foundation .* 1 min 31 s$/);
  expect(third).toMatch(/^. ║ supabase .* 1 min 23 s$/);
  expect(fourth).toMatch(/^· {3}services/);
});

it('shows below each running step what it does, and from the second attempt why', () => {
  const lines = shown(
    [backup, foundation, supabase],
    [
      { activity: 'applyFoundation', attempt: 2, lastFailure: 'Terraform lost its connection' },
      { activity: 'bootstrapSupabase', attempt: 1, details: 'making the roles' },
    ],
  );
  expect(lines[2]).toBe('      attempt 2: Terraform lost its connection');
  expect(lines[4]).toBe('      making the roles');
});

it('keeps the way forward on the screen, with the way back beneath it', () => {
  const failed: StepProgress = { ...foundation, status: 'failed', endedAt: 12_000 };
  const steps: StepProgress[] = [
    { ...backup, status: 'kept', note: 'backup kept' },
    { ...failed, status: 'undone' },
  ];
  const lines = shown(steps, [], [backup, failed]);
  expect(lines.map((line) => line.slice(0, 1)).join('')).toBe('✔✘r↩○');
  expect(lines[2]).toBe('rolling back, newest first:');
});

it('fits 80 columns, whatever the texts', () => {
  const long: StepProgress = { ...supabase, title: 'x'.repeat(300) };
  const details = 'y'.repeat(300);
  const lines = shown([long], [{ activity: 'bootstrapSupabase', attempt: 3, details }]);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});
