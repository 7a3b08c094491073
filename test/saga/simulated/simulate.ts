import { runSaga } from '../../../src/saga.ts';
import type { SagaResult, SagaSurroundings } from '../../../src/saga.ts';
import { held } from '../../../src/held.ts';
import type { Row, Step } from '../../../src/step.ts';
import { openClock } from './clock.ts';
import { randomOf } from './random.ts';
import type { Random } from './random.ts';
import { openServer } from './server.ts';
import type { Deed } from './server.ts';
import { openWorld } from './world.ts';

type Call = (deed: Deed) => Promise<void>;

/** An operator's word on an undo that is stuck; an event of the history like any other. */
const verdict: Deed = {
  name: 'verdict',
  mostAttempts: 1000,
  sure: true,
  claim: () => undefined,
  write: () => true,
};

interface State {
  readonly known: readonly string[];
}

/** What a seed's run came to; `problems` are broken promises. */
export interface Simulated {
  readonly seed: number;
  readonly outcome: string;
  readonly problems: readonly string[];
  readonly deaths: number;
  readonly attempts: number;
}

/**
 * Runs the saga of a seed on a simulated Temporal that attempts twice, loses answers, hears of
 * completions late, kills the workers and is asked to start twice; then holds its promises against
 * what really happened to the world.
 */
export async function simulate(seed: number, saga: typeof runSaga = runSaga): Promise<Simulated> {
  const random = randomOf(seed);
  const clock = openClock();
  const world = openWorld();
  const problems: string[] = [];
  const tell = (problem: string): void => void problems.push(problem);
  const server = openServer(clock, random, tell);
  const shape = shapeOf(random);
  const run: { result?: SagaResult<State>; instance: number } = { instance: 0 };

  const undone: string[] = [];
  const begun: string[] = [];
  const step = (id: string, call: Call): Step<State> => ({
    id,
    title: id,
    run: async ({ known }) => {
      if (!begun.includes(id)) begun.push(id);
      await call({
        name: `do ${id}`,
        mostAttempts: 6,
        claim: (token) => world.claim(id, token),
        write: (token) => world.make(id, token),
      });
      if (shape.fails === id) throw new Error('refused for good');
      return { known: [...known, id] };
    },
    undo: shape.without.includes(id)
      ? { none: 'nothing to undo' }
      : async () => {
          if (!server.outcomeOf(`do ${id}`)) tell(`${id} is undone before its outcome is known`);
          if (!undone.includes(id)) undone.push(id);
          await call({
            name: `undo ${id}`,
            mostAttempts: 10,
            claim: (token) => world.claim(id, token),
            write: (token) => world.unmake(id, token),
          });
        },
    ...(shape.pivot === id && { pivot: true as const }),
  });
  const begin = (): void => {
    const instance = (run.instance += 1);
    const call = server.begin();
    let tick = 0;
    const rows = shape.rows.map((ids): Row<State> => {
      const [only, ...others] = ids.map((id) => step(id, call));
      return only && others.length === 0 ? only : ids.map((id) => step(id, call));
    });
    const around: SagaSurroundings<State> = {
      onProgress: () => undefined,
      now: () => (tick += 1),
      shield: (work) => work(),
      explain: (error) => ({ code: 'X', what: String(error), why: '', fix: '' }),
      park: async () => {
        await call(verdict);
        return { action: 'retry' };
      },
    };
    const play = async (): Promise<void> => {
      const result = await saga(rows, { known: [] }, around);
      if (instance === run.instance) run.result = result;
    };
    void held(play());
  };

  // One workflow id: a second start is refused while the run is open.
  const start = (): void => {
    if (run.instance === 0) begin();
  };
  start();
  const deaths = random.int(0, 4);
  const die = (): void => {
    if (run.result) return;
    server.die();
    const instance = (run.instance += 1);
    clock.after(1 + random.next() * 4, () => {
      if (instance === run.instance) begin();
    });
  };
  for (let death = 0; death < deaths; death += 1) clock.after(random.next() * 120, die);
  for (let double = random.int(0, 3); double > 0; double -= 1)
    clock.after(random.next() * 120, start);

  const ended = await clock.run(() => run.result !== undefined);
  if (!ended) tell('the run does not end');
  await clock.run(() => false); // whoever is late still acts
  judge({ shape, world, result: run.result, begun, undone, tell });
  const attempts = server.history.reduce((sum, { tried }) => sum + tried, 0);
  return { seed, outcome: run.result?.outcome ?? 'open', problems, deaths, attempts };
}

interface Shape {
  readonly rows: readonly (readonly string[])[];
  readonly without: readonly string[];
  readonly fails: string | undefined;
  readonly pivot: string | undefined;
}

function shapeOf(random: Random): Shape {
  let number = 0;
  const rows = Array.from({ length: random.int(2, 6) }, () =>
    Array.from({ length: random.chance(0.25) ? 2 : 1 }, () => `s${(number += 1)}`),
  );
  const any = (): string => `s${random.int(1, number)}`;
  return {
    rows,
    without: random.chance(0.4) ? [any()] : [],
    fails: random.chance(0.6) ? any() : undefined,
    pivot: random.chance(0.3) ? any() : undefined,
  };
}

interface Seen {
  readonly shape: Shape;
  readonly world: ReturnType<typeof openWorld>;
  readonly result: SagaResult<State> | undefined;
  readonly begun: readonly string[];
  readonly undone: readonly string[];
  readonly tell: (problem: string) => void;
}

function judge({ shape, world, result, begun, undone, tell }: Seen): void {
  const all = shape.rows.flat();
  for (const id of all) {
    if (world.made(id) > 1) tell(`${id} took effect ${world.made(id)} times`);
    if (world.unmade(id) > world.made(id)) tell(`${id} was taken back more often than made`);
    if (world.made(id) > 0 && !begun.includes(id)) tell(`${id} took effect and never began`);
  }
  const stands = world.stands();
  if (result?.outcome === 'succeeded')
    for (const id of all) if (!stands.includes(id)) tell(`${id} is lost, though the run succeeded`);
  if (result?.outcome === 'rolled-back') {
    const undoable = begun.filter((id) => !shape.without.includes(id));
    for (const id of undoable) if (stands.includes(id)) tell(`${id} stands after the way back`);
    const wanted = undoable.toReversed().join();
    if (undone.join() !== wanted) tell(`undone ${undone.join()}, begun backwards ${wanted}`);
    const backwards = world.log.filter(({ what }) => what === 'unmade').map((one) => one.step);
    const order = backwards.map((id) => undoable.length - undoable.indexOf(id));
    if (order.join() !== order.toSorted((a, b) => a - b).join())
      tell(`the world was taken back as ${backwards.join()}`);
  }
  if (result?.outcome === 'failed-past-pivot' && undone.length > 0)
    tell(`${undone.join()} undone past the pivot`);
}
