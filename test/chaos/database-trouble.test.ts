import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject } from '../../bench/project.ts';
import type { Project } from '../../bench/project.ts';
import { siteOf } from '../../src/endpoints.ts';
import { held } from '../../src/held.ts';
import { rehearsedSteps } from '../../src/rehearsal/steps.ts';
import type { Site } from '../../src/site.ts';
import { restartDatabase, turnProject } from '../end-to-end/database-trouble.ts';
import { stands, until, withRunAt } from '../end-to-end/midway.ts';

// The database goes away at the beginning of every step of the deploy table: `approve`, `bind` and
// `remove` have nothing to do here.
const steps = rehearsedSteps.map(({ id }) => id);
const causes = /\[(DATABASE_\w+|SUPABASE_PROJECT_\w+|CONNECTION_LOST)\]/;
let project: Project;
let release = 0;

beforeAll(async () => {
  project = await openProject();
  await project.windlass('deploy', '-e', 'production');
});

afterAll(() => project?.close());

describe.each(steps)('at the beginning of %s', (step) => {
  it('the database restarts: the deploy waits for it, and succeeds', async () => {
    const { exitCode, all } = await deployWith(step, restartDatabase);
    expect(all).not.toContain('[UNEXPECTED]');
    expect(exitCode, all).toBe(0);
  });

  it('the project is paused for good: the deploy ends with the cause, and a later one succeeds', async () => {
    const { exitCode, all } = await deployWith(step, (site) => turnProject(site, 'pause'));
    await turnProject(await site(), 'restore');
    expect(all).not.toContain('[UNEXPECTED]');
    if (exitCode !== 0) expect(all).toMatch(causes);
    await goOn(all);
    const again = await project.ends('deploy', '-e', 'production');
    expect(again.exitCode, again.all).toBe(0);
  });
});

/** Deploys a change of every step while `trouble` comes in the one that is named. */
async function deployWith(step: string, trouble: (site: Site) => Promise<void>) {
  await prepare();
  const { temporal } = await project.book();
  const deploying = held(project.ends('deploy', '-e', 'production'));
  await withRunAt(temporal, async (run) => {
    let ended = false;
    const end = held(deploying.then(() => (ended = true)));
    await until(run, (report) => ended || stands(step, 'running')(report));
    if (ended) throw new Error(`the deploy ended before: ${(await deploying).all}`);
    await trouble(await site());
    await end;
  });
  return deploying;
}

/** What the screen says is typed, now that the project is back: undoes that wait are tried again. */
async function goOn(said: string): Promise<void> {
  if (said.includes('next: make production-recover ARGS=--reconcile'))
    await project.windlass('recover', '-e', 'production', '--reconcile');
  const stuck = /the undo of (\w+) needs your decision/.exec(said)?.[1];
  if (stuck === undefined) return;
  const again = ['undo', 'retry', stuck, '-e', 'production', '--reason', 'it is back'];
  await project.windlass(...again);
  await goOn((await project.ends('status', '--watch', '-e', 'production')).all);
}

async function prepare(): Promise<void> {
  release += 1;
  const before = release === 1 ? '1.0.0' : `2.0.${release - 1}`;
  const version = (number: string) => `VERSION = "${number}"`;
  const file = 'examples/wellness/journal/main.py';
  await project.edit(file, version(before), version(`2.0.${release}`));
  const url = (number: number) => `site_url: https://${number === 0 ? '' : `r${number}.`}wellness`;
  await project.edit('windlass.yaml', url(release - 1), url(release));
  const folder = join(project.root, 'examples/wellness/habits/migrations/versions');
  await writeFile(join(folder, `r${release}.py`), revision(release));
}

function revision(number: number): string {
  return `"""A column."""

from alembic import op

revision = "habits_r${number}"
down_revision = "${number === 1 ? 'habits_0003' : `habits_r${number - 1}`}"
windlass = "expand"


def upgrade() -> None:
    op.execute("alter table habits.habits add column r${number} int")


def downgrade() -> None:
    op.execute("alter table habits.habits drop column r${number}")
`;
}

function site(): Promise<Site> {
  const { root, home } = project;
  return siteOf({ root, home }, 'production');
}
