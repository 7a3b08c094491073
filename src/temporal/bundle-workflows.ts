import { writeFile } from 'node:fs/promises';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import { programFile, programModule } from '../program-files.ts';
import { headed } from './versions/bundle.ts';
import { sdkVersion } from './versions/sdk-version.ts';

/** Bundles the workflows into a file, so that each worker that starts need not (2 to 5 s). */
export async function bundleWorkflows(file: string): Promise<void> {
  await writeFile(file, await bundledWorkflows());
}

/** The workflows as one script; the same sources give the same text, wherever they lie. */
export async function bundledWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: programModule('workflows/index'),
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({ ...config, context: programFile() }),
  });
  const activities = Object.keys(createActivities({ root: '', home: '' })).sort();
  return headed(unmapped(code), { format: 1, sdk: await sdkVersion(), activities });
}

/** The SDK asks for a source map; the real one names this machine's folders, and weighs twice the code. */
function unmapped(code: string): string {
  const map = JSON.stringify({
    version: 3,
    file: 'workflows.js',
    sources: [],
    names: [],
    mappings: '',
  });
  const inline = `data:application/json;charset=utf-8;base64,${Buffer.from(map).toString('base64')}`;
  return code.replace(/(\/\/# sourceMappingURL=)data:\S+\s*$/, `$1${inline}`);
}
