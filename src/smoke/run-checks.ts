import { join } from 'node:path';
import { isCommand, isHttp } from '../config/smoke.ts';
import type { CommandCheck, HttpCheck } from '../config/smoke.ts';
import type { ReleaseRef } from '../deploy.ts';
import { learnSecret } from '../redaction/known.ts';
import { redacted } from '../redaction/redacted.ts';
import { releaseFolder } from '../releases/release-folder.ts';
import { smokeFolder } from '../releases/smoke-files.ts';
import type { Site } from '../site.ts';
import { ask, smokeFailure } from './ask.ts';
import { openAuthDoor } from './auth-door.ts';
import { checkAnswer } from './check-answer.ts';
import { runCommand } from './command.ts';
import { layOut } from './contract.ts';
import { mailboxOf } from './mailbox.ts';
import type { Broom } from './remove-made.ts';

/** What the checks of a release work on. */
export interface Checking {
  readonly site: Site;
  readonly runId: string;
  readonly release: ReleaseRef;
  readonly broom: Broom;
  readonly beat: (progress: string) => void;
  readonly signal: AbortSignal;
}

/** Makes every check of the release's `smoke`, in its order; the first that fails is a Failure. */
export async function runChecks(checking: Checking): Promise<readonly string[]> {
  const found: string[] = [];
  for (const check of checking.site.config.smoke ?? []) {
    checking.signal.throwIfAborted();
    checking.beat(`running the smoke check ${check.name}`);
    if (isHttp(check)) await askCheck(checking, check);
    else if (isCommand(check)) await commandCheck(checking, check);
    found.push(`${check.name}: passed`);
  }
  return found;
}

async function askCheck({ broom }: Checking, check: HttpCheck): Promise<void> {
  const reach = broom.reaches.find(({ name }) => name === check.service);
  const what = nameOf(check);
  if (!reach) throw smokeFailure(what, `${check.service} cannot be called: no one may call it`);
  const { path, method, headers, body, expect = { status: 200 }, timeout } = check;
  const said = await ask(reach, { path, method, headers, body, patienceMs: timeout * 1000 });
  checkAnswer(said, expect, { what, reach });
}

async function commandCheck(checking: Checking, check: CommandCheck): Promise<void> {
  const { site, broom, runId, release, signal } = checking;
  const door = await openAuthDoor(broom);
  try {
    const { url, anonKey, serviceRoleKey } = broom.door;
    for (const secret of [door.token, serviceRoleKey, ...tokensOf(broom)]) learnSecret(secret);
    const told = { environment: site.name, run: runId, release: release.id, door };
    const supabase = { url, anonKey };
    const mailbox = mailboxOf(site);
    const files =
      check.in && join(await releaseFolder(site, runId, release), smokeFolder(check.in));
    const laid = await layOut({ ...told, mailbox, reaches: broom.reaches, supabase }, files);
    const { command, timeout: seconds } = check;
    const ended = await commandEnded({ command, seconds, ...laid }, signal);
    if (ended.wrong === undefined) return;
    const output = redacted(ended.output).slice(-longest);
    throw smokeFailure(nameOf(check), `${ended.wrong}; its last lines: ${output}`, fix(check));
  } finally {
    door.close();
  }
}

/** What was laid out for the command goes with it, however it ends. */
async function commandEnded(
  { remove, ...asked }: Parameters<typeof runCommand>[0] & { readonly remove: () => Promise<void> },
  signal: AbortSignal,
) {
  try {
    return await runCommand(asked, signal);
  } finally {
    await remove();
  }
}

/** Characters of the last lines that a report can hold. */
const longest = 2000;

function nameOf({ name, service }: CommandCheck | HttpCheck): string {
  return `${service === undefined ? '' : `${service}: `}the smoke check '${name}' failed`;
}

function fix({ name, service }: CommandCheck): string {
  const log =
    service === undefined ? 'the logs of the services that it asks' : `the log of ${service}`;
  return `Check ${log}, or fix '${name}' under \`smoke\`.`;
}

function tokensOf({ reaches }: Broom): readonly string[] {
  const values = reaches.flatMap(({ headers }) => Object.values(headers));
  return values.flatMap((value) => /^Bearer (.+)$/.exec(value)?.[1] ?? []);
}
