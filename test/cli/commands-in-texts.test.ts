import { resolve } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { textsOfProject } from './texts-of-project.ts';

const texts = textsOfProject(
  resolve('tsconfig.json'),
  /^(src|activities|workflows|infra|sandbox)\//,
);

it('finds the commands that it is meant to judge', async () => {
  const wrong = { text: 'Run `windlass deploy --sideways`, or `make sideways`.', isFix: true };
  expect(windlassIn(wrong.text)).toEqual(['deploy --sideways']);
  expect(makeIn(wrong.text)).toEqual(['sideways']);
  expect(complaint(await program(), 'deploy --sideways', true)).toContain('--sideways');
  expect(
    texts.filter(({ isFix, text }) => isFix && windlassIn(text).length > 0).length,
  ).toBeGreaterThan(30);
});

it('each command of windlass that a text names is one that the command line takes', async () => {
  const all = await program();
  const wrong = texts.flatMap(({ text, isFix, where }) =>
    windlassIn(text).flatMap((command) => {
      const why = complaint(all, command, isFix);
      return why === undefined ? [] : [`${where}: windlass ${command}: ${why}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it('no fix sends a user into the code of Windlass', () => {
  const wrong = texts.filter(
    ({ text, isFix }) => isFix && /\b(src|activities|workflows)\//.test(text),
  );
  expect(wrong).toEqual([]);
});

it('each target of make that a text names is in the Makefile', async () => {
  const { stdout } = await execa('make', ['-pRrq', 'help'], { reject: false });
  const targets = new Set([...stdout.matchAll(/^([\w-]+):/gm)].map(([, name]) => name));
  const wrong = texts.flatMap(({ text, where }) =>
    makeIn(text).flatMap((call) =>
      call
        .split(' ')
        .filter((word) => /^[\w-]+$/.test(word))
        .flatMap((target) => (targets.has(target) ? [] : [`${where}: make ${target}`])),
    ),
  );
  expect(targets).toContain('production-recover');
  expect(wrong).toEqual([]);
});

function windlassIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`(?:bin\/)?windlass ([^`]+)`/g)];
  const alone = [...text.matchAll(/^\s*bin\/windlass (.+?)(?:\s{3,}.*)?$/gm)];
  return [...quoted, ...alone].flatMap(([, command]) => (command === undefined ? [] : [command]));
}

function makeIn(text: string): readonly string[] {
  return [...text.matchAll(/`make ([a-z][^`]*)`|^make ([a-z]+-[a-z]+.*)$/gm)].flatMap(
    ([, quoted, alone]) => (quoted ?? alone ?? '').replace(/\s{3,}.*$/, ''),
  );
}

/** Why the command line would refuse a command; one that a fix names must be complete. */
function complaint(root: CommandUnknownOpts, text: string, complete: boolean): string | undefined {
  const words = wordsOf(text);
  let command = root;
  for (;;) {
    const below = command.commands.find((one) => one.name() === words[0]);
    if (!below) break;
    command = below;
    words.shift();
  }
  if (command === root) return 'no such command';
  const { _defaultCommandName: part } = Object(command);
  command = command.commands.find((one) => one.name() === part) ?? command;
  if (command.commands.length > 0 && words.length === 0 && complete)
    return 'says not which part of it';
  if (command.commands.length > 0 && words[0] !== undefined && !words[0].startsWith('-'))
    return `${command.name()} has no ${words[0]}`;
  return ofWords(command, words, complete);
}

function ofWords(
  command: CommandUnknownOpts,
  words: readonly string[],
  complete: boolean,
): string | undefined {
  const given = new Set<string>();
  let positional = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--help') return undefined;
    const option = command.options.find(({ long, short }) => word === long || word === short);
    if (word.startsWith('-') && !option) return `no option ${word}`;
    if (option) given.add(option.attributeName());
    else positional += 1;
    if (option?.required) at += 1;
  }
  const { registeredArguments: known } = command;
  if (positional > known.length && !known.at(-1)?.variadic) return 'too many arguments';
  if (!complete) return undefined;
  const missing = command.options.find(
    (one) => one.mandatory && one.defaultValue === undefined && !given.has(one.attributeName()),
  );
  if (missing) return `lacks ${missing.long}`;
  const needed = known.filter((one) => one.required).length;
  return positional < needed ? 'lacks an argument' : undefined;
}

/** Its words as a shell would see them, up to a redirection. */
function wordsOf(text: string): string[] {
  const words = text.match(/'[^']*'|\S+/g) ?? [];
  const end = words.findIndex((word) => /^[|<>]$/.test(word));
  return end === -1 ? [...words] : words.slice(0, end);
}
