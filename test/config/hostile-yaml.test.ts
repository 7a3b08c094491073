import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressIssues } from '../../src/config/address-issues.ts';
import { nameIssues } from '../../src/config/name-issues.ts';
import { parseYaml } from '../../src/config/parse-yaml.ts';
import { configOf, readConfig } from '../../src/config/read-config.ts';
import { requireFiles } from '../../src/config/require-files.ts';
import { temporaryFolder } from '../setup/process.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder('hostile');
});
afterAll(() => rm(root, { recursive: true }));

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]',
  'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]',
  'd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]',
].join('\n');

const emptyProject =
  'environments: { production: { project: app-1234, supabase: { project: "" } } }';

const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join('');

it.each([
  ['an anchor bomb', bomb, /aliases/],
  ['an undefined alias', 'name: a\nregion: *r', /\*r refers to no anchor before it at line 2/],
  ['an alias within itself', 'name: &x [*x]', /is part of what it refers to/],
  ['lists in lists', `name: ${'['.repeat(50_000)}`, /64 levels/],
  ['lists in lists by dashes', `a:\n${'- '.repeat(20_000)}`, /64 levels/],
  ['maps in maps', `name: ${'{a: '.repeat(10_000)}`, /64 levels/],
  ['keys as keys', '? '.repeat(20_000), /64 levels/],
  ['a key that stands there twice', 'name: a\nregion: b\nname: c', /'name' .*twice at line 3/],
  ['a number that is a key twice', '1: a\n1: b', /'1' .*twice at line 2/],
  ['a key that is a list', '? [a]\n: b', /not a plain name at line 1/],
  ['a tag', 'name: !!python/object x', /tag.* at line 1/i],
  ['two documents', 'name: a\n---\nname: b', /multiple documents/],
  ['too many bytes', '#\n'.repeat(400_000), /512 KiB/],
  ['an endless line', `name: ${'"'.repeat(100_000)}`, /line 1 has more than/],
  ['a prototype as a service', 'services:\n  __proto__: { image: a }', /'__proto__'.* at line 2/],
  ['a prototype in JSON', '{"environments": {"__proto__": {}}}', /'__proto__'.* at line 1/],
  ['a prototype by an escape', 'a: { "__pr\\u006fto__": a }', /'__proto__'.* at line 1/],
  ['what clears a terminal', 'name: "a\\e[2J"', /control character U\+001B at line 1/],
  ['what a terminal obeys, as a key', 'services:\n  "a\\x9b2J": {}', /U\+009B at line 2/],
  ['a bell in an address', 'a: {site_url: "https://a\\a.example"}', /U\+0007 at line 1/],
  ['a name that is shown backwards', 'name: a\u202eb', /U\+202E at line 1/],
  ['a name with a NUL', 'name: "a\\0"', /U\+0000 at line 1/],
  ['an empty name of a Supabase project', emptyProject, /supabase.project/],
  ['a closing bracket', 'name: a\n]', /at line 2/],
])('%s is refused by file and line', (_name, text, says) => {
  expect(() => configOf(text)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', why: expect.stringMatching(says) }),
  );
});

it('the variables of a service hold what they will, and texts their lines', () => {
  const env = { SEPARATOR: '\u001f', TEXT: 'a\nb\tc' };
  const text = `name: "a"\nservices: { a: { image: a, env: ${JSON.stringify(env)} } }`;
  expect(parseYaml(text)).toMatchObject({ value: { services: { a: { env } } } });
});

it.each([
  ['services', `services:\n${many(10_000, (n) => ` s${n}: { image: a }\n`)}`],
  ['environments', `environments:\n${many(51, (n) => ` e${n}: {}\n`)}`],
  ['smoke', `smoke:\n${many(601, () => ' - {}\n')}`],
])('too many %s are counted before they are compared', (key, text) => {
  expect(() => configOf(text)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      why: expect.stringMatching(
        new RegExp(`^${key} \\(line 1\\): has \\d+ entries: at most \\d+`),
      ),
    }),
  );
});

it('of ten thousand errors the first twenty are told', () => {
  expect(() => configOf(many(10_000, (n) => `k${n}: 1\n`))).toThrow(
    expect.objectContaining({ why: expect.stringMatching(/k5 \(line 6\).*; and 9\d{3} more$/s) }),
  );
});

it('a name that every object inherits is a key like any other', () => {
  const text = '__proto__: { polluted: 1 }\nconstructor: 1\nname: a';
  expect(() => configOf(text)).toThrow(/errors/);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(parseYaml(text).lineOf(['constructor'])).toBe(2);
});

it('anchors that are used as they are meant are read', () => {
  expect(parseYaml('a: &x { b: 1 }\nc: *x').value).toEqual({ a: { b: 1 }, c: { b: 1 } });
});

it.each([
  ['a folder', (file: string) => mkdir(file)],
  ['a pipe', (file: string) => execa('mkfifo', [file])],
  ['a file without end', (file: string) => symlink('/dev/zero', file)],
  ['bytes that are no text', (file: string) => writeFile(file, Buffer.from([0x61, 0x3a, 0xff]))],
])('%s is no windlass.yaml', async (name, make) => {
  const folder = join(root, name.replaceAll(' ', '-'));
  await mkdir(folder);
  await make(join(folder, 'windlass.yaml'));
  await expect(readConfig(folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

const settings = (site: string, list: string) =>
  addressIssues({
    environments: {
      production: { supabase: { settings: { site_url: site, uri_allow_list: list } } },
    },
  });

it.each([
  ...['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://a.b'],
  ...['https://me:word@a.b', 'vbscript:x', 'blob:https://a.b/c'],
])('%s is no address of a site', (site) => {
  expect(settings(site, '')).toMatchObject([{ path: expect.arrayContaining(['site_url']) }]);
});

it.each([
  ...['javascript:alert(1)', 'JavaScript://a.b/%0aalert(1)', 'data:text/html', 'a.b', '**'],
  ...['https://**', 'https://*/x', 'https://a.b, javascript:x', 'file:///x', 'https:a.b'],
])('%s is no address that a sign-in may go to', (list) => {
  expect(settings('https://a.b', list)).toMatchObject([
    { path: expect.arrayContaining(['uri_allow_list']), fix: expect.stringContaining('https://') },
  ]);
});

it.each(['', 'https://a.b/**', 'https://*.a.b/**, com.example.app://in', 'http://localhost:3000'])(
  '%j is a list of such addresses',
  (list) => {
    expect(settings('http://localhost:3000', list)).toEqual([]);
  },
);

it.each(['auth', 'storage', 'extensions', 'realtime', 'vault', 'pg-temp', 'graphql-public', 'net'])(
  'no service with migrations is called %s',
  (name) => {
    expect(nameIssues(name, { migrations: true, secrets: {} })).toHaveLength(1);
    expect(nameIssues(name, { migrations: false, secrets: {} })).toEqual([]);
  },
);

it('a link that leads out of the project is no source of a release', async () => {
  const folder = join(root, 'linked');
  await mkdir(folder);
  await symlink('/etc', join(folder, 'api'));
  const text = `name: shop
services: { api: { source: api } }
environments:
  production:
    project: shop-production
    supabase:
      organization: shop
      project: shop
      settings:
        { jwt_exp: 3600, mailer_autoconfirm: false, site_url: 'https://a.b', uri_allow_list: '' }
`;
  await writeFile(join(folder, 'windlass.yaml'), text);
  const config = await readConfig(folder);
  await expect(requireFiles(folder, config, { sources: true })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    why: expect.stringMatching(/services\.api\.source \(line 2\): api is a link that leads out/),
  });
});
