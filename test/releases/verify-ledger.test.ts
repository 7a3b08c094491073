import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginning, hashOf } from '../../src/releases/ledger-entry.ts';
import { fileName, verifyLedger } from '../../src/releases/verify-ledger.ts';
import type { LedgerFile } from '../../src/releases/verify-ledger.ts';

const drafts = fc.array(
  fc.record({
    actor: fc.string(),
    outcome: fc.constantFrom('succeeded', 'rolled-back', 'rolled-back-except'),
    planDigest: fc.string(),
    kept: fc.array(fc.string(), { maxLength: 2 }),
  }),
  { minLength: 2, maxLength: 8 },
);

/** A chain as `appendToLedger` writes it, and the hash of its head. */
function chainOf(bodies: readonly object[]): { files: LedgerFile[]; head: string } {
  let previous = beginning;
  const files = bodies.map((body, index) => {
    const at = new Date(index * 1000).toISOString();
    const number = index + 1;
    const full = { ...body, number, at, runId: `run-${index}`, kind: 'deploy', left: [], previous };
    const entry = { ...full, hash: hashOf(full) };
    previous = entry.hash;
    return { name: fileName(number), text: JSON.stringify(entry) };
  });
  return { files, head: previous };
}

const somewhere = fc.nat(1000);

describe('checking a ledger', () => {
  it('finds nothing in a chain that nobody touched', () => {
    fc.assert(
      fc.property(drafts, (bodies) => {
        const { files, head } = chainOf(bodies);
        expect(verifyLedger(files, head)).toEqual({ entries: files.length, head, breaks: [] });
      }),
    );
  });

  it('finds a changed field, wherever it is', () => {
    fc.assert(
      fc.property(drafts, somewhere, fc.string(), (bodies, place, actor) => {
        const { files } = chainOf(bodies);
        const index = place % files.length;
        const entry: object = JSON.parse(files[index]?.text ?? '');
        const changed = JSON.stringify({ ...entry, actor: `${actor}!`, extra: 1 });
        const touched = files.map((file, at) => (at === index ? { ...file, text: changed } : file));
        expect(verifyLedger(touched).breaks).not.toEqual([]);
      }),
    );
  });

  it('finds an entry that was changed and given its right hash, unless it is the head', () => {
    fc.assert(
      fc.property(drafts, somewhere, (bodies, place) => {
        const { files, head } = chainOf(bodies);
        const index = place % files.length;
        const { hash: _hash, ...rest } = JSON.parse(files[index]?.text ?? '');
        const forged = { ...rest, actor: `${rest.actor}!` };
        const text = JSON.stringify({ ...forged, hash: hashOf(forged) });
        const touched = files.map((file, at) => (at === index ? { ...file, text } : file));
        expect(verifyLedger(touched, head).breaks).not.toEqual([]);
      }),
    );
  });

  it('finds a missing entry', () => {
    fc.assert(
      fc.property(drafts, somewhere, (bodies, place) => {
        const { files } = chainOf(bodies);
        const index = place % (files.length - 1);
        const touched = files.filter((_, at) => at !== index);
        expect(verifyLedger(touched).breaks).not.toEqual([]);
      }),
    );
  });

  it('finds two entries that changed places', () => {
    fc.assert(
      fc.property(drafts, somewhere, (bodies, place) => {
        const { files } = chainOf(bodies);
        const a = place % (files.length - 1);
        const swapped = files.map(({ name }, at) => {
          const from = at === a ? a + 1 : at === a + 1 ? a : at;
          return { name, text: files[from]?.text ?? '' };
        });
        expect(verifyLedger(swapped).breaks).not.toEqual([]);
      }),
    );
  });

  it('finds a cut tail when the head is known, and cannot otherwise', () => {
    fc.assert(
      fc.property(drafts, somewhere, (bodies, place) => {
        const { files, head } = chainOf(bodies);
        const cut = files.slice(0, 1 + (place % (files.length - 1)));
        expect(verifyLedger(cut).breaks).toEqual([]);
        expect(verifyLedger(cut, head).breaks).not.toEqual([]);
      }),
    );
  });
});
