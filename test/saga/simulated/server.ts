import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** What an activity's attempt does to the world; the server decides whether anybody hears of it. */
export interface Deed {
  readonly name: string;
  readonly mostAttempts: number;
  /** Nothing happens to it. */
  readonly sure?: true;
  readonly claim: (token: number) => void;
  /** False where the attempt is too old to write. */
  readonly write: (token: number) => boolean;
}

type Heard = { readonly ok: true } | { readonly ok: false; readonly why: string };

interface Recorded {
  readonly deed: Deed;
  heard?: Heard;
  /** The attempt whose answer counts; others come too late. */
  current: number;
  tried: number;
}

interface Instance {
  dead: boolean;
  delivering: boolean;
  /** How many calls it has made, and how many completions it has heard. */
  position: number;
  next: number;
  readonly waiting: Map<number, (heard: Heard) => void>;
}

function open(): Instance {
  return { dead: false, delivering: false, position: 0, next: 0, waiting: new Map() };
}

interface Attempt {
  dead: boolean;
}

const fates = [
  ['ok', 56],
  ['answer lost', 9],
  ['killed before', 7],
  ['killed after', 6],
  ['late', 10],
  ['twice at once', 5],
  ['fails', 4],
  ['fails after', 3],
  ['fails for good', 2],
  ['fails for good after', 2],
] as const;

const timeout = 12; // seconds, as the heartbeat timeout of workflows/activities.ts

/**
 * A Temporal and its workers for one run: keeps the history, gives out attempts, loses answers,
 * kills workers.
 */
export function openServer(clock: Clock, random: Random, tell: (problem: string) => void) {
  const history: Recorded[] = [];
  const completed: number[] = [];
  const underWay = new Set<Attempt>();
  let token = 0;
  let instance = open();

  /** Completions reach the workflow one by one, in the order in which they were recorded. */
  const deliver = (): void => {
    const to = instance;
    if (to.delivering || to.next >= completed.length) return;
    to.delivering = true;
    clock.after(0, () => {
      to.delivering = false;
      if (to.dead) return;
      const id = completed[to.next] ?? -1;
      const heard = history[id]?.heard;
      const waiting = to.waiting.get(id);
      to.next += 1;
      if (waiting && heard) waiting(heard);
      else tell(`replay does not ask for ${history[id]?.deed.name}`);
      deliver();
    });
  };

  const complete = (id: number, heard: Heard): void => {
    const one = history[id];
    if (!one || one.heard) return;
    one.heard = heard;
    completed.push(id);
    deliver();
  };

  const again = (id: number, why: string): void => {
    const one = history[id];
    if (!one || one.heard) return;
    if (one.tried >= one.deed.mostAttempts) return complete(id, { ok: false, why });
    clock.after(Math.min(2 ** (one.tried - 1), 30), () => attempt(id));
  };

  const attempt = (id: number): void => {
    const one = history[id];
    if (!one || one.heard) return;
    one.tried += 1;
    const mine = (token += 1);
    one.current = mine;
    const fate = one.deed.sure ? 'ok' : random.pick(fates);
    const self: Attempt = { dead: false };
    underWay.add(self);
    const steps = { one, id, mine, self, again, complete };
    clock.after(random.next() * 2, () => act(fate, steps));
    // Whoever says nothing for so long is given up; an attempt of that number then comes too late.
    clock.after(timeout + random.next() * 5, () => {
      underWay.delete(self);
      if (one.current === mine) again(id, 'timed out');
    });
  };

  const act = (fate: (typeof fates)[number][0], at: Steps): void => {
    const { one, id, mine, self } = at;
    if (self.dead) return;
    one.deed.claim(mine);
    const answer = (heard: Heard, retried = false): void => {
      if (self.dead || one.current !== mine) return;
      if (retried) {
        one.current = 0;
        again(id, heard.ok ? '' : heard.why);
      } else complete(id, heard);
    };
    const write = (): boolean => !self.dead && one.deed.write(mine);
    if (fate === 'killed before') return void (self.dead = true);
    if (fate === 'fails') return answer({ ok: false, why: 'a fault' }, true);
    if (fate === 'fails for good') return answer({ ok: false, why: 'for good' });
    if (fate === 'twice at once') {
      one.current = 0; // the server has lost its beats, and it lives
      again(id, 'lost');
    }
    const wait = fate === 'late' ? timeout + random.next() * 60 : random.next() * 6;
    clock.after(wait, () => {
      const wrote = write();
      if (fate === 'killed after') self.dead = true;
      if (fate === 'answer lost' || self.dead) return;
      if (fate === 'fails after') return answer({ ok: false, why: 'a fault' }, true);
      if (fate === 'fails for good after') return answer({ ok: false, why: 'for good' });
      answer(wrote ? { ok: true } : { ok: false, why: 'another attempt writes' }, !wrote);
    });
  };

  /** What the code of one instance of the workflow calls; that of a dead one is never answered. */
  const execute = (mine: Instance, deed: Deed): Promise<void> => {
    if (mine.dead) return new Promise(() => undefined);
    const id = mine.position;
    mine.position += 1;
    const known = history[id];
    if (known && known.deed.name !== deed.name)
      tell(`replay asks for ${deed.name} where the history has ${known.deed.name}`);
    if (!known) {
      history.push({ deed, current: 0, tried: 0 });
      attempt(id);
    }
    return new Promise((resolve, reject) => {
      mine.waiting.set(id, (heard) => (heard.ok ? resolve() : reject(new Error(heard.why))));
    });
  };

  return {
    /** A new instance of the workflow takes over; it is told all that was recorded. */
    begin: () => {
      instance.dead = true;
      const mine = (instance = open());
      deliver();
      return (deed: Deed) => execute(mine, deed);
    },
    /** All workers die: some of their attempts too, others go on as zombies. */
    die: (): void => {
      for (const one of underWay) one.dead = random.chance(0.6);
      instance.dead = true;
    },
    outcomeOf: (name: string): Heard | undefined =>
      history.findLast(({ deed }) => deed.name === name)?.heard,
    history,
  };
}

interface Steps {
  readonly one: Recorded;
  readonly id: number;
  readonly mine: number;
  readonly self: Attempt;
  readonly again: (id: number, why: string) => void;
  readonly complete: (id: number, heard: Heard) => void;
}
