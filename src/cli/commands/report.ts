import { copyFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import type { Client } from '@temporalio/client';
import type { Place } from '../../endpoints.ts';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { readLedger } from '../../releases/ledger.ts';
import type { Report } from '../../report.ts';
import type { Site } from '../../site.ts';
import type { TemporalPlace } from '../../temporal/connect.ts';
import { lookUpRun } from '../../temporal/look-up-run.ts';
import { browse } from '../open/browse.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { factsOf } from '../page/facts-of.ts';
import { reportOfEntry } from '../page/report-of-entry.ts';
import { writePage } from '../page/write-page.ts';
import { reportOf } from '../report-of.ts';
import { runAddress } from '../run-address.ts';
import { withClient } from '../with-client.ts';
import { workflowIdOf } from '../workflow-id.ts';

/** `windlass report [RUN]`: a run as one page of HTML. */
export function reportCommand() {
  return new Command('report')
    .description('write the report of a run as one HTML page')
    .argument('[run]', 'its id, or how that begins; the newest run without it')
    .addOption(environmentOption())
    .option('--output <file>', 'write it there too')
    .option('--open', 'open it in a browser, where there is one')
    .action(async (run, { environment, output, open }) => {
      await withClient(async (client, temporal, place) => {
        const file = await written(client, { temporal, place, environment, run });
        if (output !== undefined) await copyFile(file, output);
        answer(output ?? file);
        if (open) browse(pathToFileURL(file).href);
      });
    });
}

interface Wanted {
  readonly temporal: TemporalPlace;
  readonly place: Place;
  readonly environment: string;
  readonly run: string | undefined;
}

async function written(client: Client, wanted: Wanted): Promise<string> {
  const { temporal, place, environment, run } = wanted;
  const site = await siteOf(place, environment);
  const found = (await inTemporal(client, environment, run)) ?? (await inLedger(site, run));
  if (!found) throw unknown(environment, run);
  const address = runAddress(temporal, workflowIdOf(environment), found.runId);
  return writePage(place.home, await factsOf(site, { ...found, address }));
}

interface Found {
  readonly runId: string;
  readonly report: Report;
}

async function inTemporal(
  client: Client,
  environment: string,
  run: string | undefined,
): Promise<Found | undefined> {
  const workflowId = workflowIdOf(environment);
  const seen = await lookUpRun(client, workflowId, await wholeId(client, workflowId, run));
  if (!seen || (run !== undefined && !seen.runId.startsWith(run))) return undefined;
  const handle = client.workflow.getHandle(workflowId, seen.runId);
  const open = seen.status.name === 'RUNNING';
  const report = await reportOf(client, handle, open);
  return report && { runId: seen.runId, report };
}

/** Runs are told apart by their id alone; whoever types one has seen how it begins. */
async function wholeId(
  client: Client,
  workflowId: string,
  run: string | undefined,
): Promise<string | undefined> {
  if (run === undefined) return undefined;
  const query = `WorkflowId = '${workflowId}'`;
  for await (const { runId } of client.workflow.list({ query }))
    if (runId.startsWith(run)) return runId;
  return undefined;
}

async function inLedger(site: Site, run: string | undefined): Promise<Found | undefined> {
  const entries = await readLedger(site);
  const entry = entries.findLast(({ runId }) => run === undefined || runId.startsWith(run));
  const report = entry && reportOfEntry(entry, site.name);
  return entry && report && { runId: entry.runId, report };
}

function unknown(environment: string, run: string | undefined): Failure {
  return new Failure({
    code: 'RUN_UNKNOWN',
    what:
      run === undefined ? `${environment} has had no run yet` : `${environment} has no run ${run}`,
    why: 'neither Temporal nor the ledger knows it',
    fix: `List its runs with \`windlass history -e ${environment}\`.`,
  });
}
