import { afterAll, beforeAll, expect, test } from 'vitest';
import { Config } from '../../src/config/config.ts';
import { storeRelease } from '../../src/releases/store.ts';
import { withMadeRemoved } from '../../src/smoke/remove-made.ts';
import { runChecks } from '../../src/smoke/run-checks.ts';
import { contentsOf } from '../releases/release-shelf.ts';
import { openProject } from './project.ts';
import type { SmokeProject } from './project.ts';
import { serviceThat } from './service.ts';
import type { Answering } from './service.ts';

let project: SmokeProject;
let api: Answering;
beforeAll(async () => {
  project = await openProject();
  api = await serviceThat(({ url }) => (url === '/up' ? [200, { ok: true }] : [500, 'broken']));
});
afterAll(async () => {
  api.close();
  await project.close();
});

/** Runs checks of a release whose folder `smoke` holds a script. */
async function checked(smoke: readonly object[], script = '') {
  const config = Config.parse({ ...project.site.config, services: {}, smoke });
  const contents = await contentsOf(script);
  const files = new Map([...contents.files, ['smoke/smoke/try.mjs', Buffer.from(script)]]);
  const release = await storeRelease(project.site, { ...contents, files });
  const broom = { ...project, reaches: [api.reach] };
  const beats: string[] = [];
  const found = await withMadeRemoved(broom, () =>
    runChecks({
      ...{ site: { ...project.site, config }, runId: `run-${release.id}`, release, broom },
      ...{ beat: (said) => void beats.push(said), signal: new AbortController().signal },
    }),
  );
  return { found, beats };
}
const command = { name: 'try', service: 'api', command: ['node', 'try.mjs'], in: 'smoke' };

test('a release without checks has none', async () => {
  expect((await checked([])).found).toEqual([]);
});

test('requests and commands are made in their order', async () => {
  const up = { name: 'up', service: 'api', path: '/up', expect: { json: { ok: true } } };
  const { found, beats } = await checked([up, command], "console.log('fine')");
  expect(found).toEqual(['up: passed', 'try: passed']);
  expect(beats).toEqual(['running the smoke check up', 'running the smoke check try']);
});

test('a request that is answered otherwise names the check and the service', async () => {
  const wrong = { name: 'home page', service: 'api', path: '/' };
  await expect(checked([wrong, command])).rejects.toMatchObject({
    code: 'SMOKE_FAILED',
    what: "api: the smoke check 'home page' failed",
    why: 'answered 500 instead of 200: "broken"',
  });
});

test('a command that fails is told with its last lines, and without the secrets it was given', async () => {
  const script = `import { readFileSync } from 'node:fs';
    console.log(readFileSync(process.env.WINDLASS_SMOKE, 'utf8').replaceAll('\\n', ' '));
    console.error('the voucher was refused');
    process.exitCode = 2;`;
  const failure = await checked([command], script).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'SMOKE_FAILED',
    what: "api: the smoke check 'try' failed",
    why: expect.stringMatching(/^exit code 2; its last lines: [^]*the voucher was refused$/),
    fix: "Check the log of api, or fix 'try' under `smoke`.",
  });
  expect(JSON.stringify(failure)).not.toMatch(/"authorization\\?": \\?"Bearer [^[]/);
});

test('what a command has made goes, also when it crashes right after', async () => {
  const script = `import { readFileSync } from 'node:fs';
    const { door } = JSON.parse(readFileSync(process.env.WINDLASS_SMOKE, 'utf8'));
    const body = JSON.stringify({ email: 'bob@example.com', password: 'correct horse' });
    const asked = { method: 'POST', headers: door.headers, body };
    const { status } = await fetch(door.url + '/auth/v1/admin/users', asked);
    console.log('made', status);
    process.kill(process.pid, 'SIGKILL');`;
  await expect(checked([command], script)).rejects.toMatchObject({
    why: 'it was ended by SIGKILL; its last lines: made 200',
  });
  expect(await project.sql('select email from auth.users')).toEqual([]);
  expect(await project.register.all()).toEqual([]);
});
