import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { retriesOf } from '../../src/cli/retries.ts';
import { openStage, broken } from '../workflows/stage.ts';
import type { Play, Stage } from '../workflows/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(inject('temporalAddress'));
});

afterAll(async () => {
  await stage.replay();
  await stage.leave();
});

/** A part that fails as a cloud does that is busy, and passes from the given attempt on. */
function busyUntil(passes: number, what: string) {
  return (attempt: number) => {
    if (attempt >= passes) return {};
    const details = [{ why: `answer ${attempt} of the cloud: 503`, fix: 'Nothing: it passes.' }];
    throw ApplicationFailure.create({ message: what, type: 'GOOGLE_BUSY', details });
  };
}

/** Everything that is said on the screen until the run has ended; what goes to stdout. */
async function watched(play: Play): Promise<{ said: string; answered: string }> {
  const screen = { said: '', answered: '' };
  const keep = (part: 'said' | 'answered') => (text: string | Uint8Array) => {
    screen[part] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('said')),
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('answered')),
  ];
  try {
    const tell = retriesOf(play.handle);
    for (;;) {
      const description = await play.handle.describe();
      await tell(description);
      if (description.status.name !== 'RUNNING') return screen;
    }
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('a step that is tried again', () => {
  it('says each attempt once, with the failure before it; stdout stays clean for --json', async () => {
    const play = await stage.begin('deploy', { backUp: busyUntil(3, 'The bucket is busy') });
    const { said, answered } = await watched(play);
    const lines = said.split('\n').filter((line) => line.startsWith('↻'));
    expect(lines).toEqual([
      '↻ backUp is retried (attempt 2 of 6): The bucket is busy [GOOGLE_BUSY]',
      '↻ backUp is retried (attempt 3 of 6): The bucket is busy [GOOGLE_BUSY]',
    ]);
    expect(said).toContain('  why: answer 1 of the cloud: 503\n');
    expect(said).toContain('  fix: Nothing: it passes.\n');
    for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(answered).toBe('');
  });

  it('is told from another that runs beside it', async () => {
    const play = await stage.begin('deploy', {
      applyFoundation: busyUntil(2, 'Terraform lost its connection'),
      bootstrapSupabase: busyUntil(2, 'Supabase is busy'),
    });
    const { said } = await watched(play);
    expect(said).toMatch(/↻ applyFoundation .*attempt 2 of 6.*Terraform lost/);
    expect(said).toMatch(/↻ bootstrapSupabase .*attempt 2 of 6.*Supabase is busy/);
  });

  it('may be an undo', async () => {
    const play = await stage.begin('deploy', {
      smokeTest: () => {
        throw broken('a candidate does not answer');
      },
      undoServices: busyUntil(2, 'Cloud Run is busy'),
    });
    const { said } = await watched(play);
    expect(said).toMatch(/↻ undoServices .*attempt 2 of 10.*Cloud Run is busy/);
    expect(await play.end()).toBe('RolledBack');
  });
});
