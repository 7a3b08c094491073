import { styleText } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/cli/output/visible.ts';

describe('what a terminal gets', () => {
  it.each([
    ['a title of the window', '\u001b]0;owned\u0007', String.raw`\x1b]0;owned\x07`],
    ['a cleared screen', '\u001b[2J\u001b[H', String.raw`\x1b[2J\x1b[H`],
    ['hidden writing', '\u001b[8msecret', String.raw`\x1b[8msecret`],
    ['a line written over', 'failed\rdone', String.raw`failed\x0ddone`],
    ['deleted letters', 'no\b\bok', String.raw`no\x08\x08ok`],
    ['a control of eight bits', '\u009b31m', String.raw`\x9b31m`],
    ['a turned direction', 'a\u202Etxt.exe', String.raw`a\u202etxt.exe`],
    ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
  ])('has %s written out', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('keeps our colours, line breaks, tabs and every letter', () => {
    const text = `${styleText('red', '✘ no', { validateStream: false })}\n\tnaïve 日本 😀`;
    expect(visible(text)).toBe(text);
  });

  it('holds no control character of anybody else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const colours = ['31', '32', '33', '39'].map((one) => `\u001B[${one}m`);
        const rest = colours.reduce((all, one) => all.replaceAll(one, ''), visible(text));
        expect(rest).not.toMatch(/(?![\t\n])\p{Cc}|\u202E/u);
      }),
      { numRuns: 500 },
    );
  });
});
