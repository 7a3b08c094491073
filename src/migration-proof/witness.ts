import type pg from 'pg';
import type { TableContent } from '../postgres/content-digest.ts';
import { differences } from '../postgres/differences.ts';
import { readCatalogAgain } from '../postgres/fingerprint.ts';
import { changes } from './catalog.ts';
import type { Catalog } from './catalog.ts';
import { Contents } from './contents.ts';
import { hiddenRows } from './hidden-rows.ts';
import { isFrame, journal } from './journal.ts';
import type { Journal } from './journal.ts';
import { readLocks } from './locks.ts';
import type { Answered, Listener, Sent } from './tap.ts';
import type { Course, Span } from './waited.ts';

/** What a revision did to the copy when it was applied for the first time. */
export interface Effects extends Journal {
  readonly service: string;
  readonly revision: string;
  /** What became of the catalog, and of rows, that stood there before. */
  readonly catalog: readonly string[];
  readonly rows: readonly string[];
  /** Statements that row security kept from rows. */
  readonly hidden: readonly string[];
}

/** What differs after the way down, and after the second way up. */
export interface RoundTrip {
  readonly service: string;
  readonly back: readonly string[];
  readonly again: readonly string[];
}

interface Step {
  readonly pass: string;
  readonly service: string;
  readonly revision: string;
}

interface Trip {
  readonly start: Catalog;
  readonly top: Catalog;
}

/** Sees all that the migrations do on the copy, step by step, before each goes on. */
export class Witness implements Listener {
  readonly effects: Effects[] = [];
  readonly trips: RoundTrip[] = [];
  /** When each revision was applied for the first time, and when it was held back meanwhile. */
  readonly courses: Course[] = [];
  readonly #pauses: Span[] = [];
  readonly #client: pg.ClientBase;
  readonly #catalogNow: () => Promise<Catalog>;
  readonly #contents: Contents;
  /** Tables of before the first revision: nobody uses one that this very run makes. */
  #stood: ReadonlySet<string> | undefined;
  #step: Step | undefined;
  #record = journal();
  #rules: ReturnType<typeof hiddenRows>;
  #hidden: string[] = [];
  /** As it is now; undefined where nobody has looked since it changed. */
  #catalog: Catalog | undefined;
  #trip: Trip = { start: {}, top: {} };
  #begun: { readonly at: number; readonly lockTimeout: number | undefined } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  failure: unknown;

  constructor(
    client: pg.ClientBase,
    services: readonly string[],
    content: readonly TableContent[] = [],
  ) {
    this.#client = client;
    this.#contents = new Contents(client, content);
    this.#rules = hiddenRows(client);
    this.#catalogNow = () => readCatalogAgain(client, services);
  }

  begins(label: string | undefined, lockTimeout?: number): Promise<void> {
    return this.#inTurn(async () => {
      const next = label === undefined ? undefined : parse(label);
      if (!next || same(this.#step, next)) return;
      await this.#close();
      await this.#turn(next);
      await this.#open(next);
      this.#begun = { at: performance.now(), lockTimeout };
    });
  }

  before({ step, text }: Sent): Promise<void> {
    return this.#inTurn(async () => {
      if (step === undefined || this.#step?.pass !== 'up') return;
      const reached = await this.#contents.before(text, this.#step.service);
      await this.#rules.count(reached);
    });
  }

  after(answered: Answered): Promise<void> {
    return this.#inTurn(async () => {
      if (answered.step === undefined || this.#step?.pass !== 'up') return;
      const standing = isFrame(answered.text)
        ? { wrote: false, held: [] }
        : await readLocks(this.#client, answered.pid);
      // What others see of a table that is only written to is what it held before.
      const written = standing.held.filter((one) => one.written && one.mode !== exclusive);
      await this.#contents.keep(written.map(({ table }) => table));
      if (!answered.failed) this.#hidden.push(...this.#rules.find(answered, standing.held));
      this.#record.add(answered, standing);
    });
  }

  /** After the last session; rejects with what kept the witness from seeing. */
  async finish(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#close();
      await this.#turn(undefined);
    });
  }

  /** What the sessions ask for is done one after the other; a failure ends all that follows. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last
      .then(() => this.#holdingBack(work))
      .catch((error: unknown) => {
        this.failure ??= error;
        throw error;
      });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** What a look takes is nothing that the database's users would have to wait. */
  async #holdingBack(work: () => Promise<void>): Promise<void> {
    const from = performance.now();
    try {
      await work();
    } finally {
      this.#pauses.push({ from, to: performance.now() });
    }
  }

  async #open(next: Step): Promise<void> {
    const first = this.#step?.service !== next.service;
    this.#step = next;
    this.#record = journal();
    this.#rules = hiddenRows(this.#client, (table) => this.#contents.rowsOf(table));
    this.#hidden = [];
    if (next.pass !== 'up') {
      this.#catalog = undefined;
      return;
    }
    await this.#contents.look(first);
    this.#stood ??= this.#contents.tables();
    if (!first) return;
    this.#catalog ??= await this.#catalogNow();
    this.#trip = { start: this.#catalog, top: {} };
  }

  async #close(): Promise<void> {
    if (this.#step?.pass !== 'up') return;
    const { service, revision } = this.#step;
    const { at: from = 0, lockTimeout } = this.#begun ?? {};
    const course = { service, revision, lockTimeout, from, to: performance.now() };
    this.courses.push({ ...course, pauses: this.#pauses.splice(0) });
    const { locks: taken, ...done } = this.#record.done();
    const there = this.#contents.tables();
    const locks = taken.filter(({ table }) => this.#stood?.has(table) || !there.has(table));
    const rows = await this.#contents.after(done.written);
    const now = await this.#catalogNow();
    const catalog = changes(this.#catalog ?? {}, now);
    this.effects.push({ ...done, locks, service, revision, catalog, rows, hidden: this.#hidden });
    this.#catalog = now;
  }

  /** Between two passes over one service, and at its end. */
  async #turn(next: Step | undefined): Promise<void> {
    const step = this.#step;
    if (!step || (step.pass === next?.pass && step.service === next.service)) return;
    if (step.pass === 'up') this.#trip = { ...this.#trip, top: this.#catalog ?? {} };
    if (step.pass === 'down') {
      const catalog = differences(this.#trip.start, await this.#catalogNow());
      const back = [...catalog, ...(await this.#contents.back())];
      this.trips.push({ service: step.service, back, again: [] });
    }
    if (step.pass !== 'again') return;
    this.#catalog = await this.#catalogNow();
    const again = differences(this.#trip.top, this.#catalog);
    this.trips.push({ service: step.service, back: [], again });
  }
}

function parse(label: string): Step {
  const [pass = '', service = '', revision = ''] = label.split('/');
  return { pass, service, revision: decodeURIComponent(revision) };
}

function same(left: Step | undefined, right: Step): boolean {
  return (
    left?.pass === right.pass && left.service === right.service && left.revision === right.revision
  );
}

const exclusive = 'AccessExclusiveLock';
