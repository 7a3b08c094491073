import { describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { Failure } from '../../src/failure.ts';

const failure = new Failure({ code: 'X', what: 'It broke', why: 'of rust', fix: 'Paint it.' });

describe('an examination', () => {
  it('answers in the order of its checks, whichever ends first', async () => {
    const found = await examine([
      {
        id: 'slow',
        look: async () => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          return { state: 'ok', says: 'at last' };
        },
      },
      { id: 'fast', look: async () => ({ state: 'warning', says: 'at once', fix: 'none' }) },
    ]);
    expect(found).toEqual([
      { id: 'slow', state: 'ok', says: 'at last' },
      { id: 'fast', state: 'warning', says: 'at once', fix: 'none' },
    ]);
  });

  it('says what a check fails by, with the way out where there is one', async () => {
    const [known, unknown] = await examine([
      { id: 'known', look: () => Promise.reject(failure) },
      { id: 'unknown', look: () => Promise.reject(new Error('odd')) },
    ]);
    expect(known).toMatchObject({
      state: 'missing',
      says: 'It broke: of rust',
      fix: 'Paint it.',
    });
    expect(unknown).toEqual({ id: 'unknown', state: 'missing', says: 'odd', unanswered: true });
  });

  it('waits for nobody who is silent, deaf to the signal or not', async () => {
    const found = await examine(
      [
        { id: 'deaf', look: () => new Promise(() => undefined) },
        {
          id: 'hearing',
          look: (signal) =>
            new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason));
            }),
        },
        { id: 'well', look: async () => ({ state: 'ok', says: 'here' }) },
      ],
      50,
    );
    expect(found.map(({ state }) => state)).toEqual(['missing', 'missing', 'ok']);
    expect(found[0]?.says).toContain('no answer');
  });
});
