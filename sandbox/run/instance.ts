import { type Container, type ContainerHost, startContainer } from './container.ts';
import type { InstanceAddress } from './instance-address.ts';
import { watchLiveness } from './liveness.ts';
import { writeLog } from './logs.ts';
import type { RevisionRecord } from './records.ts';
import { removeSecretFolder } from './secret-folder.ts';
import { awaitStartup } from './startup.ts';
import { containerPort, ingressContainer, readTemplate } from './template.ts';
import { held } from '../../src/held.ts';

const SLOWEST_RESTART_MS = 30_000;

/** What an instance asks its pool; times in milliseconds. */
export interface InstanceOptions {
  readonly patienceMs: number;
  /** Whether the instance shall run though nobody asks it anything. */
  readonly isWarm: () => boolean;
}

/** The one instance of a revision: started on demand, started again where it ends, stopped. */
export class Instance {
  readonly #host: ContainerHost;
  readonly #revision: RevisionRecord;
  readonly #options: InstanceOptions;
  #running: Promise<Container> | undefined;
  #stopped: Promise<void> = Promise.resolve();
  #active = 0;
  #lastUsed = Date.now();
  #failures = 0;

  constructor(host: ContainerHost, revision: RevisionRecord, options: InstanceOptions) {
    this.#host = host;
    this.#revision = revision;
    this.#options = options;
  }

  /** Where the running container answers, which is started where it is not; rejects as it fails. */
  async ensure(): Promise<InstanceAddress> {
    this.#lastUsed = Date.now();
    this.#running ??= held(this.#start());
    return (await this.#running).address;
  }

  /** Does work with the instance kept from being idle. */
  async busy<T>(work: (address: InstanceAddress) => Promise<T>): Promise<T> {
    this.#active += 1;
    try {
      return await work(await this.ensure());
    } finally {
      this.#active -= 1;
      this.#lastUsed = Date.now();
    }
  }

  /** Whether it runs though its last request ended before that time (ms since 1970). */
  isIdleSince(time: number): boolean {
    return this.#running !== undefined && this.#active === 0 && this.#lastUsed < time;
  }

  /** Ends the container and removes its secrets; a later `ensure` starts it again. */
  stop(): Promise<void> {
    this.#stopped = held(this.#end(this.#running, this.#stopped));
    this.#running = undefined;
    return this.#stopped;
  }

  async #end(running: Promise<Container> | undefined, before: Promise<void>): Promise<void> {
    const container = running?.catch(() => undefined);
    await before;
    await (await container)?.process.stop();
    removeSecretFolder(this.#host.world, this.#revision);
  }

  async #start(): Promise<Container> {
    await this.#stopped;
    try {
      const container = await startContainer(this.#host, this.#revision);
      void held(container.process.exited.then((how) => this.#ended(how)));
      await awaitStartup(container, this.#startupCheck()).catch(async (error: unknown) => {
        await container.process.stop();
        throw error;
      });
      this.#failures = 0;
      watchLiveness(this.#host.world, this.#revision, container);
      return container;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  // Where nobody asked for the end, a warm instance starts again, each time a little later.
  #ended(how: string): void {
    const text = `Container called ${how}.`;
    writeLog(this.#host.world, this.#revision, 'varlog/system', { text, severity: 'WARNING' });
    if (this.#running === undefined) return;
    this.#running = undefined;
    this.#failures += 1;
    const pause = Math.min(100 * 2 ** this.#failures, SLOWEST_RESTART_MS);
    setTimeout(() => {
      if (this.#options.isWarm()) void this.ensure().catch(() => undefined);
    }, pause).unref();
  }

  #startupCheck() {
    const container = ingressContainer(readTemplate(this.#revision.template));
    const port = containerPort(container);
    const probe = container.startupProbe ?? { tcpSocket: { port } };
    return { probe, containerPort: port, patienceMs: this.#options.patienceMs };
  }
}
