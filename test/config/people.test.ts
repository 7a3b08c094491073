import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { drillEnvironment } from '../../src/drills/drill-site.ts';
import { rulesOf } from '../../src/identity/rules.ts';

let folder: string;
let yaml: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windlass-people-'));
  yaml = await readFile('windlass.yaml', 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const key = (letter: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)} ${letter}@laptop`;
const [one, two] = [key('A'), key('B')];

/** Reads windlass.yaml with these lines under production. */
async function read(people: string, { second = false, cloud = false } = {}) {
  const target = '  production:\n    target: sandbox\n';
  const stated = `${cloud ? target.replace('sandbox', 'cloud') : target}${people}`;
  const text = yaml.replace(target, stated);
  const rule = second ? 'approval: { secondPerson: true }\n' : '';
  await writeFile(join(folder, 'windlass.yaml'), `${text}${rule}`);
  return readConfig(folder);
}

const people = (...lines: readonly string[]) =>
  ['people:', ...lines.map((line) => `  ${line}`)].map((line) => `    ${line}\n`).join('');
const why = (text: string) => ({ code: 'CONFIG_INVALID', why: expect.stringContaining(text) });

describe('people in windlass.yaml', () => {
  it('are those whose words count, each by any key', async () => {
    const config = await read(people(`ana: { keys: ['${one}'] }`, `bob: { keys: ['${two}'] }`));
    expect(rulesOf(config, 'production')?.people['ana']).toMatchObject({ keys: [one] });
    expect(rulesOf(config, 'staging')).toBeUndefined();
    const environment = config.environments['production'];
    expect(environment && drillEnvironment(environment).people).toBeUndefined();
  });

  it('have names that differ in more than case or blanks', async () => {
    for (const name of ['Ana', '"a na"', 'ANA', '"ana "'])
      await expect(read(people(`${name}: { keys: ['${one}'] }`))).rejects.toMatchObject(
        why('a name in small letters'),
      );
  });

  it('share no key, whatever comment it has, and no login', async () => {
    const same = one.replace('A@laptop', 'other@desk');
    const shared = people(`ana: { keys: ['${one}'] }`, `bob: { keys: ['${two}', '${same}'] }`);
    await expect(read(shared)).rejects.toMatchObject(why("ana's as well"));
    const logins = people(
      `ana: { keys: ['${one}'], logins: [Ana] }`,
      `bob: { keys: ['${two}'], logins: [ana] }`,
    );
    await expect(read(logins)).rejects.toMatchObject(why("ana's as well"));
  });

  it('are two where a second person is asked for', async () => {
    const alone = people(`ana: { keys: ['${one}', '${two}'] }`);
    await expect(read(alone, { second: true })).rejects.toMatchObject(why('needs two of them'));
  });

  it('must be named on the clouds where a second person is asked for', async () => {
    await expect(read('', { second: true, cloud: true })).rejects.toMatchObject(
      why('`approval.secondPerson` needs `people` here'),
    );
  });

  it('are known by keys that are such, and CI by claims that are nobody else’s', async () => {
    await expect(read(people('ana: { keys: [password] }'))).rejects.toMatchObject(
      why('public key file'),
    );
    const issuer = 'issuer: https://token.actions.githubusercontent.com';
    const anybody = people(`ana: { keys: ['${one}'] }`, `ci: { ${issuer}, claims: { ref: main } }`);
    await expect(read(anybody)).rejects.toMatchObject(why('tokens to anyone'));
    const mine = people(
      `ana: { keys: ['${one}'] }`,
      `ci: { ${issuer}, claims: { repository: acme/app } }`,
    );
    const config = await read(mine);
    expect(rulesOf(config, 'production')?.people['ci']).toMatchObject({ may: ['start'] });
  });
});
