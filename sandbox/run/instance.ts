import { type Container, type ContainerHost, startContainer } from './container.ts';
import { writeLog } from './logs.ts';
import { watchLiveness } from './liveness.ts';
import type { RevisionRecord } from './records.ts';
import { removeSecretFolder } from './secret-folder.ts';
import { awaitStartup } from './startup.ts';
import { containerPort, ingressContainer, readTemplate } from './template.ts';

const SLOWEST_RESTART_MS = 30_000;

/** What an instance asks its fleet. */
export interface InstanceOptions {
  readonly patienceMs: number;
  /** Whether the instance shall run though nobody asks it anything. */
  readonly isWarm: () => boolean;
}

/** The one instance of a revision: started on demand, kept, restarted, stopped. */
export interface Instance {
  /** The port of the running container, which is started where it is not; rejects as it fails. */
  ensure(): Promise<number>;
  /** Does a request with the instance kept busy. */
  busy<T>(work: (port: number) => Promise<T>): Promise<T>;
  /** Whether it runs, nobody needs it, and its last request ended before that time (ms). */
  isIdleSince(time: number): boolean;
  stop(): Promise<void>;
}

/** An instance that is not started yet. */
export function openInstance(
  host: ContainerHost,
  revision: RevisionRecord,
  options: InstanceOptions,
): Instance {
  let starting: Promise<Container> | undefined;
  let stopping: Promise<void> = Promise.resolve();
  let active = 0;
  let lastUsed = Date.now();
  let failures = 0;

  async function start(): Promise<Container> {
    await stopping;
    const container = await startContainer(host, revision);
    void container.process.exited.then((how) => ended(how));
    try {
      await awaitStartup(container, startupCheck(revision, options.patienceMs));
    } catch (error) {
      starting = undefined;
      await container.process.stop();
      throw error;
    }
    failures = 0;
    watchLiveness(host.world, revision, container);
    return container;
  }

  // An end that nobody asked for: Cloud Run starts the container again while it shall be warm.
  function ended(how: string): void {
    report(host, revision, how);
    if (starting === undefined) return;
    starting = undefined;
    failures += 1;
    const pause = Math.min(250 * 2 ** failures, SLOWEST_RESTART_MS);
    setTimeout(() => {
      if (options.isWarm()) void ensure().catch(() => undefined);
    }, pause).unref();
  }

  async function ensure(): Promise<number> {
    lastUsed = Date.now();
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return (await starting).port;
  }

  return {
    ensure,
    async busy(work) {
      active += 1;
      try {
        return await work(await ensure());
      } finally {
        active -= 1;
        lastUsed = Date.now();
      }
    },
    isIdleSince: (time) => starting !== undefined && active === 0 && lastUsed < time,
    stop() {
      const running = starting;
      starting = undefined;
      stopping = stopping
        .then(() => end(running))
        .then(() => removeSecretFolder(host.world, revision));
      return stopping;
    },
  };
}

async function end(running: Promise<Container> | undefined): Promise<void> {
  const container = await running?.catch(() => undefined);
  await container?.process.stop();
}

function startupCheck(revision: RevisionRecord, patienceMs: number) {
  const container = ingressContainer(readTemplate(revision.template));
  const port = containerPort(container);
  const probe = container.startupProbe ?? { tcpSocket: { port } };
  return { probe, containerPort: port, patienceMs };
}

function report(host: ContainerHost, revision: RevisionRecord, how: string): void {
  const text = `Container called ${how}.`;
  writeLog(host.world, revision, 'varlog/system', { text, severity: 'WARNING' });
}
