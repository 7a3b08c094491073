import { CommanderError } from 'commander';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { anyJson } from './inputs.ts';
import { judged } from './judge.ts';
import { many, runs } from './runs.ts';

const minutes = 60_000 + runs * 300;

const word = fc.oneof(
  fc.constantFrom(
    'deploy',
    'plan',
    'status',
    'rollback',
    'undo',
    'skip',
    'secrets',
    'set',
    'ledger',
  ),
  fc.constantFrom('-e', '--environment', '--yes', '--json', '--reason', '--to', '--accept', '--'),
  fc.constantFrom('production', '__proto__', 'constructor', '--environment=', '-', '--__proto__'),
  anyJson.map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

/** No command does anything: what was understood ends here. */
function idle(command: CommandUnknownOpts): void {
  command.action(() => undefined).configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const below of command.commands) idle(below);
}

it('any call is understood, or refused as a wrong one', { timeout: minutes }, async () => {
  const root = await program();
  idle(root);
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
      await judged(() =>
        root.parseAsync(words, { from: 'user' }).catch((error: unknown) => {
          if (!(error instanceof CommanderError)) throw error;
          expect(error.code).toMatch(/^commander\./);
        }),
      );
    }),
    many(0.5),
  );
});
