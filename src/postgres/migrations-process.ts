import { delimiter, dirname } from 'node:path';
import { held } from '../held.ts';
import { migrationsProgram } from './programs.ts';

/** What the program is to do, and the environment that it does it in. */
export interface Order {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How the program ended. */
export interface ProgramEnd {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly isTerminated: boolean;
}

/** The migrations program, started before it is known what to do. */
export interface MigrationsProcess {
  /**
   * Carries out one order, each line of its answer as it comes. Answers how the program ended, or
   * undefined where it waits for another order: after one that only reads files.
   */
  readonly carryOut: (
    order: Order,
    onText: (text: string) => void,
    signal?: AbortSignal,
  ) => Promise<ProgramEnd | undefined>;
  /** It ends by itself once nobody has an order for it. */
  readonly [Symbol.dispose]: () => void;
}

/**
 * Starts the migrations program: half a second of imports, which pass while the caller prepares what
 * the first order needs. It holds no login before that. Orders are carried out one after the other.
 */
export function startMigrations(): MigrationsProcess {
  const starting = held(start());
  let last: Promise<unknown> = Promise.resolve();
  return {
    carryOut: (order, onText, signal) => {
      const carried = last.then(async () => carryOut(await starting, order, { onText, signal }));
      last = held(carried).catch(() => undefined);
      return carried;
    },
    [Symbol.dispose]: () => void starting.then(({ child }) => child.stdin.end()).catch(() => {}),
  };
}

async function start() {
  const { python, script } = migrationsProgram();
  const { execa } = await import('execa');
  const child = execa(python, [script, 'told'], {
    env: { ...inherited(), PYTHONDONTWRITEBYTECODE: '1' },
    extendEnv: false,
    reject: false,
    stdin: 'pipe',
    forceKillAfterDelay: 1000,
  });
  child.stdin.on('error', () => undefined); // that it is gone, its end tells
  return { child, lines: child[Symbol.asyncIterator]() };
}

interface Heard {
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

async function carryOut(
  { child, lines }: Awaited<ReturnType<typeof start>>,
  order: Order,
  { onText, signal }: Heard,
): Promise<ProgramEnd | undefined> {
  const stop = (): void => void child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      if (ended.test(line.value)) return undefined;
      onText(line.value);
    }
    const { exitCode, stderr, isTerminated } = await child;
    return { exitCode, stderr, isTerminated };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const ended = /^\{"ended": 0\}$/;

function inherited(): Record<string, string> {
  const kept = ['LANG', 'TMPDIR'].flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  // A program of the user's may want this very Node.
  const path = [process.env['PATH'], dirname(process.execPath)].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path };
}
