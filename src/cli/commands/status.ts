import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { failureText } from '../../failure.ts';
import { unlessMissing } from '../../gcp/refusal.ts';
import { projectPlace } from '../../place.ts';
import { readLease } from '../../lease/read-lease.ts';
import { holderText } from '../../lease/words.ts';
import { standingOf } from '../../releases/standing.ts';
import type { Report } from '../../report.ts';
import type { Site } from '../../site.ts';
import type { StepStatus } from '../../step.ts';
import { treeLine } from '../../tree-facts.ts';
import { lookUpRun } from '../../temporal/look-up-run.ts';
import { memoText } from '../memo.ts';
import { newestRun } from '../newest-run.ts';
import { onceTemporalAnswers } from '../once-temporal-answers.ts';
import { environmentOption } from '../options.ts';
import { ledgerShown } from '../ledger-shown.ts';
import { attention } from '../output/attention.ts';
import { destroyedBy, destroyedLines } from '../output/destroyed-lines.ts';
import { sayFailure } from '../output/failure.ts';
import { spanOf, stampOf } from '../output/clock.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { reportOf } from '../report-of.ts';
import { runAddress } from '../run-address.ts';
import { workflowIdOf } from '../workflow-id.ts';
import { servicesShown, trafficText } from '../services-shown.ts';
import { withClient } from '../with-client.ts';

/** `windlass status`: the release in force, what answers where, and the run that holds the lock. */
export function statusCommand() {
  return new Command('status')
    .description('show the release, its URLs and the run in progress')
    .addOption(environmentOption())
    .option('--watch', 'follow the run that is in progress')
    .option('--json', 'as JSON')
    .action(async ({ environment, watch, json }) => {
      const look = () => statusOf(environment);
      const status = await (watch ? onceTemporalAnswers(look) : look());
      if (status.broken ?? status.unreadable ?? status.servicesUnreadable) process.exitCode = 3;
      if (json) return answerJson(status);
      sayStatus(status);
      if (watch && status.run) process.exitCode = await watchOn(environment);
    });
}

async function statusOf(environment: string) {
  const site = await siteOf(projectPlace(), environment);
  const { ledger, broken } = await ledgerShown(site);
  const standing = standingOf(ledger);
  const shown = await servicesShown(site, { deployed: standing !== null });
  const tree = ledger.find(({ number }) => number === standing?.entry)?.tree;
  return {
    environment,
    where: site.banner,
    release: standing?.release.id ?? null,
    ...(tree && { tree }),
    ...(broken && { broken }),
    destroyed: destroyedBy(ledger),
    ...shown,
    ...(await unfinishedOf(site)),
    run: await runOf(environment),
  };
}

/** The run that began to change the environment and has not ended well, and how far it came. */
async function unfinishedOf(site: Site) {
  try {
    return { unfinished: await leftBy(site) };
  } catch (error) {
    return { unfinished: null, unreadable: failureText(error) };
  }
}

async function leftBy(site: Site) {
  const lease = await unlessMissing(readLease(site));
  if (!lease) return null;
  const { dirty: run, kind, actor, since, steps, lease: holder } = lease.marker;
  const held = lease.state !== 'ended' && holder ? { ...holder, state: lease.state } : null;
  return { run, kind, actor, since, steps, held, text: held ? holderText(lease) : null };
}

/** A terminated run cannot say so itself. */
function outcomeOf(state: string, report: Report | undefined): string | null {
  if (state === 'TERMINATED' || state === 'TIMED_OUT') return state.toLowerCase();
  return report?.outcome ?? null;
}

async function runOf(environment: string) {
  return withClient(async (client, temporal, place) => {
    const found = await lookUpRun(client, workflowIdOf(environment));
    if (!found) return null;
    const handle = client.workflow.getHandle(found.workflowId);
    const open = found.status.name === 'RUNNING';
    if (open) await (await import('../worker-process.ts')).ensureAnyWorker(place);
    const report = await reportOf(client, handle, open);
    return {
      id: found.runId,
      kind: found.type,
      state: found.status.name,
      since: found.startTime.toISOString(),
      address: runAddress(temporal, found.workflowId, found.runId),
      steps: open ? (report?.steps ?? []).filter(({ status }) => underWay.has(status)) : [],
      actor: memoText(found.memo, 'actor', 'someone'),
      outcome: outcomeOf(found.status.name, report),
      parkedAt: open ? (report?.parkedAt ?? null) : null,
    };
  });
}

/** What a run in progress does: its steps under way, for how long, and where to look. */
function progressLines(run: Awaited<ReturnType<typeof runOf>>): readonly string[] {
  if (run?.state !== 'RUNNING') return [];
  const steps = run.steps.map(({ id, title, status, startedAt }) => {
    const since = startedAt === undefined ? '' : ` for ${spanOf(Date.now() - startedAt)}`;
    return `step      ${id}: ${title} (${status}${status === 'running' ? since : ''})`;
  });
  return [...steps, `link      ${run.address}`];
}

const underWay: ReadonlySet<StepStatus> = new Set(['running', 'undoing', 'stuck']);

function sayStatus(status: Awaited<ReturnType<typeof statusOf>>): void {
  const { where, release, tree, services, run } = status;
  say(where);
  const none = status.broken ? 'unknown: the ledger cannot be read' : 'none yet';
  const { destroyed } = status;
  if (destroyed) for (const line of destroyedLines(status.environment, destroyed)) answer(line);
  else answer(`release   ${release ?? none}${tree ? `, from ${treeLine(tree)}` : ''}`);
  const { kind, outcome, state, since, actor } = run ?? {};
  answer(
    run
      ? `last run  ${kind} by ${actor}, started ${stampOf(since ?? 0)}: ${outcome ?? state}`
      : 'last run  none yet',
  );
  for (const line of progressLines(run)) answer(line);
  if (status.broken) sayFailure(status.broken);
  if (status.unreadable) sayFailure(status.unreadable);
  if (status.servicesUnreadable) sayFailure(status.servicesUnreadable);
  if (status.unfinished?.text) answer(`lease     ${status.unfinished.text}`);
  for (const line of attention(status)) answer(line);
  for (const service of services) {
    const { name, url, traffic, newest, ready } = service;
    answer(`${name.padEnd(12)} ${url}  ${trafficText(service)}`);
    if ((traffic[newest] ?? 0) === 0)
      answer(`${' '.repeat(12)} ${newest} is newer, ${ready ? 'without traffic' : 'not ready'}`);
  }
  for (const { name, kind, runs } of status.background ?? [])
    answer(`${name.padEnd(12)} ${kind}: ${runs}`);
}

async function watchOn(environment: string): Promise<number> {
  return withClient(async (client, temporal) => {
    const run = await newestRun(client, temporal, environment);
    const { follow } = await import('../follow-run.ts');
    return follow(client, { ...run, temporal }, {});
  });
}
