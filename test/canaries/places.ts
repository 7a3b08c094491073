import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Rig } from '../end-to-end/rig.ts';

/** Something that was looked into, by where it was found. */
export type Place = readonly [place: string, bytes: Buffer];

/** What Temporal keeps of every run of the rig: history, memo and search attributes. */
export async function histories({ env }: Pick<Rig, 'env'>): Promise<readonly Place[]> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace = 'default' } = env;
  const connection = await Connection.connect(address === undefined ? {} : { address });
  const client = new Client({ connection, namespace });
  const found: Place[] = [];
  const query = `TaskQueue = "${env['WINDLASS_TASK_QUEUE']}"`;
  for await (const { workflowId, runId, memo, searchAttributes } of client.workflow.list({
    query,
  })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    found.push([`history ${workflowId}`, Buffer.from(historyToJSON(history))]);
    found.push([`memo ${workflowId}`, Buffer.from(JSON.stringify({ memo, searchAttributes }))]);
  }
  await connection.close();
  return found;
}

/**
 * Every file below the rig's home: logs, run folders, plans, bundles, states, ledger, backups. Not
 * where the sandbox is the cloud that keeps secrets: Secret Manager, databases, mounts; nor the
 * files in which the operator keeps them.
 */
export async function files({ home }: Pick<Rig, 'home'>): Promise<readonly Place[]> {
  const names = await readdir(home, { recursive: true });
  const read = names.filter((name) => !keepers.test(name)).map((name) => contentOf(home, name));
  return (await Promise.all(read)).flat();
}

const keepers = /^(webhook$|keys\/|compile-cache\/|world\/(?!objects\/))/;

async function contentOf(home: string, name: string): Promise<readonly Place[]> {
  const path = join(home, name);
  const about = await stat(path).catch(() => undefined);
  if (!about?.isFile()) return [];
  return readFile(path).then(
    (bytes) => [[name, bytes] as const],
    () => [],
  );
}

/** Watches arguments of every process, and variables of those that Windlass begins, until `end`. */
export function watchProcesses() {
  const seen = new Map<string, Buffer>();
  const ends = new AbortController();
  const look = async (): Promise<void> => {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const argv = await readFile(`/proc/${pid}/cmdline`).catch(() => Buffer.alloc(0));
      const command = String(argv).replaceAll('\0', ' ');
      seen.set(`argv of ${command.slice(0, 80)}`, argv);
      if (!children.test(command)) continue;
      const environ = await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0));
      seen.set(`variables of ${command.slice(0, 80)} (${pid})`, environ);
    }
  };
  const watching = (async () => {
    while (!ends.signal.aborted) {
      await look();
      await pause(50);
    }
  })();
  return {
    end: async (): Promise<readonly Place[]> => {
      ends.abort();
      await watching;
      return [...seen];
    },
  };
}

const children = /terraform|windlass_migrations|pg_dump|pg_restore|leak\.mjs/;
