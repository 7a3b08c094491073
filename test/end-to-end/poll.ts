import { setTimeout as pause } from 'node:timers/promises';
import { readInvokers } from '../../src/gcp/iam.ts';
import { readService } from '../../src/gcp/run.ts';
import type { Site } from '../../src/site.ts';
import { ask } from '../../src/smoke/ask.ts';
import { reachOf } from '../../src/smoke/reach.ts';

/** What a client was answered: the status, and the version that answered. */
export interface Answers {
  /** Ends the client; how often it was answered what. */
  readonly end: () => Promise<Readonly<Record<string, number>>>;
}

/** A client that asks a service at its own address, again and again, as one that may call it. */
export async function pollService(site: Site, name: string): Promise<Answers> {
  const service = await readService(site.google, name);
  if (!service) throw new Error(`there is no service ${name}`);
  const reach = await reachOf(site, service, {});
  const counts: Record<string, number> = {};
  const over = new AbortController();
  const polling = (async () => {
    while (!over.signal.aborted) {
      const { status, body } = await ask(reach, { path: '/readyz' });
      const said =
        `${status} ${JSON.stringify(body).match(/"version":"([^"]+)"/)?.[1] ?? ''}`.trim();
      counts[said] = (counts[said] ?? 0) + 1;
      await pause(40);
    }
  })();
  return {
    end: async () => {
      over.abort();
      await polling;
      return counts;
    },
  };
}

/** Everybody who may call a service at any moment until the end; one that is not there has nobody. */
export function watchInvokers({ google }: Site, name: string) {
  const seen = new Set<string>();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const member of await readInvokers(google, name).catch(() => [])) seen.add(member);
      await pause(25);
    }
  })();
  return {
    end: async (): Promise<readonly string[]> => {
      over.abort();
      await watching;
      return [...seen];
    },
  };
}
