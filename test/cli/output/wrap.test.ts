import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from '../../../src/cli/output/wrap.ts';

describe('a line of a table', () => {
  it('that fits stays as it is', () => {
    expect(wrap('  20-services    1 to add')).toEqual(['  20-services    1 to add']);
  });

  it('fits after it was wrapped, whatever it holds, and no word is lost', () => {
    const words = fc.array(fc.stringMatching(/^[a-z_.[\]]{1,130}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, (all) => {
        const line = `  ${all.join(' ')}`;
        const pieces = wrap(line);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(80);
        expect(pieces.join('').replaceAll(' ', '')).toBe(line.replaceAll(' ', ''));
      }),
    );
  });
});
