import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Config } from '../../src/config/config.ts';

const sound = async () => structuredClone(parse(await readFile('windlass.yaml', 'utf8')));
type Environments = Awaited<ReturnType<typeof sound>>['environments'];

async function mistakes(change: (environments: Environments) => void): Promise<string> {
  const declared = await sound();
  change(declared.environments);
  const issues = Config.safeParse(declared).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
}

test('the drills of the sample meet nobody', async () => {
  expect(await mistakes(() => undefined)).toBe('');
});

test('a project of its own may be named', async () => {
  expect(await mistakes(({ production }) => (production.drillProject = 'well-scratch'))).toBe('');
});

const refused: readonly (readonly [string, (all: Environments) => void, RegExp])[] = [
  [
    'its own environment',
    ({ production }) => (production.drillProject = 'wellness-production'),
    /production\.drillProject: is 'wellness-production'.*drill of production.*project.*of production/,
  ],
  [
    'another environment',
    ({ staging }) => (staging.drillProject = 'wellness-production'),
    /staging\.drillProject: is 'wellness-production'.*drill of staging.*of production/,
  ],
  [
    'another environment, by the name that it gets unasked',
    ({ staging }) => (staging.project = 'wellness-production-drill'),
    /production\.drillProject: is not set, so it defaults to 'wellness-production-drill'.*of staging/,
  ],
  [
    'the drills of another environment',
    ({ production, staging }) => {
      production.drillProject = 'well-scratch';
      staging.drillProject = 'well-scratch';
    },
    /production\.drillProject: .*staging's drills too/,
  ],
  [
    'the project that holds the backups',
    ({ production }) => {
      production.backup = { bucket: 'well-vault', project: 'well-vault' };
      production.drillProject = 'well-vault';
    },
    /production\.drillProject: .*the project of the backups 'well-vault' of production/,
  ],
  [
    'the bucket that holds the backups',
    ({ production }) => {
      production.backup = { bucket: 'well-scratch-releases' };
      production.drillProject = 'well-scratch';
    },
    /production\.drillProject: .*the bucket of the backups 'well-scratch-releases' of production/,
  ],
  [
    'an environment that has the name of its scratch environment',
    (all) => {
      all['production-drill'] = structuredClone(all.staging);
      delete all.staging;
    },
    /environments\.production-drill: is the project of the drills of production/,
  ],
  [
    'something that is no project',
    ({ production }) => (production.drillProject = 'Well Scratch'),
    /production\.drillProject: a Google project id/,
  ],
];

test.each(refused)('a drill cannot be pointed at %s', async (_what, change, said) => {
  expect(await mistakes(change)).toMatch(said);
});
