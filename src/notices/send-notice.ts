import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { Notice } from '../notice.ts';
import type { Site } from '../site.ts';
import { noticeBody } from './notice-body.ts';
import { learnSecret } from '../redaction/known.ts';

const patienceMs = 10_000;

/** Sends a notice to the webhook, where there is one; a Failure that may be retried otherwise. */
export async function sendNotice(site: Site, notice: Notice): Promise<void> {
  const { webhookFile, form } = site.config.notify;
  if (webhookFile === undefined) return;
  // The URL lets anybody write there: it stays in its file and out of every message.
  const url = (await readFile(resolve(site.root, webhookFile), 'utf8')).trim();
  learnSecret(url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(noticeBody(notice, form)),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw unsent(cause instanceof Error ? cause.name : 'no answer');
  });
  await response.body?.cancel();
  if (!response.ok) throw unsent(`HTTP ${response.status}`);
}

function unsent(why: string): Failure {
  return new Failure({
    code: 'NOTICE_UNSENT',
    what: 'The webhook did not accept the notice',
    why,
    fix: 'Check `notify.webhookFile` in windlass.yaml and at the receiver.',
    class: 'retry',
  });
}
