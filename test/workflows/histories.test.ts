import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';

const corpus = resolve(import.meta.dirname, '..', 'histories');
let bundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;

beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  bundle = await bundleWorkflowCode({ workflowsPath, logger });
});

describe.each(readdirSync(corpus))('a history of %s', (commit) => {
  it.each(readdirSync(join(corpus, commit)))(
    '%s is replayed by today’s workflows',
    async (file) => {
      const text = String(zstdDecompressSync(readFileSync(join(corpus, commit, file))));
      const history: unknown = JSON.parse(text);
      await Worker.runReplayHistory({ workflowBundle: bundle }, history, 'environment/production');
      expect(text).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED');
    },
  );
});
