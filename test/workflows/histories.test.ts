import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.ts';

const corpus = resolve(import.meta.dirname, '..', 'histories');
let bundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;

beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  bundle = await bundleWorkflowCode({ workflowsPath, logger });
});

const commits = readdirSync(corpus, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(commits)('a history of %s', (commit) => {
  it.each(readdirSync(join(corpus, commit)))(
    '%s is replayed by today’s workflows',
    async (file) => {
      const text = String(zstdDecompressSync(readFileSync(join(corpus, commit, file))));
      const history: unknown = JSON.parse(text);
      await Worker.runReplayHistory({ workflowBundle: bundle }, history, 'environment/production');
      expect(text).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED');
    },
  );

  it('calls no activity that today’s worker lacks: an old bundle is carried out by it', () => {
    const known = new Set(Object.keys(createActivities({ root: '', home: '' })));
    const called = readdirSync(join(corpus, commit)).flatMap((file) => activitiesIn(commit, file));
    expect(called.length).toBeGreaterThan(0);
    expect(called.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** The names of all activities that a history schedules. */
function activitiesIn(commit: string, file: string): readonly string[] {
  const text = String(zstdDecompressSync(readFileSync(join(corpus, commit, file))));
  return [...text.matchAll(/"activityType":\s*\{\s*"name":\s*"(\w+)"/g)].map(
    ([, name]) => name ?? '',
  );
}
