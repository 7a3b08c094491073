import { appendFileSync } from 'node:fs';
import type { Failure } from '../failure.ts';
import type { Meddling } from './plant.ts';
import { nameOf, struckNames, struckFile } from './planted.ts';
import type { Planted } from './planted.ts';
import { killTerraform } from './power-cut.ts';
import { held } from '../held.ts';

/** What stands behind a failure that is planted in the middle of a work. */
interface Blow {
  readonly planted: Planted;
  /** Writes down that it struck. */
  readonly strike: () => Failure;
  readonly home: string;
  /** The file that says what is planted. */
  readonly file: string;
}

/** Breaks the work when it says that it is in its middle. */
export function inTheMiddle(blow: Blow): Meddling {
  return blow.planted.how === 'crash' ? cutPower(blow) : breakOff(blow);
}

function breakOff({ planted: { how, middle }, strike }: Blow): Meddling {
  const cut = new AbortController();
  const sign = new RegExp(middle);
  let struck: Failure | undefined;
  const hear = (progress: string): void => {
    if (struck || !sign.test(progress)) return;
    struck = strike();
    if (how === 'throw') throw struck;
    cut.abort(struck);
  };
  const through = async <T>(working: Promise<T>): Promise<T> => {
    await Promise.allSettled([working]); // no undo beside work that still goes on
    if (struck) throw struck;
    return working;
  };
  return { cut: cut.signal, hear, through };
}

const never = new Promise<never>(() => undefined);
const underWay = new Set<string>(); // what a power cut takes with it

function cutPower({ planted, strike, home, file }: Blow): Meddling {
  const name = nameOf(planted);
  const sign = new RegExp(planted.middle);
  let dark = false;
  underWay.add(name);
  const hear = (progress: string): void => {
    if (dark || !sign.test(progress)) return;
    dark = true;
    strike();
    underWay.delete(name);
    const taken = [...underWay].map((other) => `${takenWord}${other}\n`);
    appendFileSync(struckFile(file), taken.join(''));
    void held(crash(home));
  };
  const through = async <T>(working: Promise<T>): Promise<T> => {
    await Promise.allSettled([working]);
    if (dark) return never; // nobody may hear of an end after the power cut
    underWay.delete(name);
    // The cut that was its neighbour's came in its middle too: nothing was left to do, or to say.
    if (struckNames(file).includes(`${takenWord}${name}`)) strike();
    return working;
  };
  return { hear, through };
}

const takenWord = 'taken: ';

/** The machine loses its power: nobody can say any more what became of the work. */
async function crash(home: string): Promise<void> {
  await killTerraform(home).catch(() => undefined); // one of them may have ended just now
  process.kill(-process.pid, 'SIGKILL'); // our children too
}
