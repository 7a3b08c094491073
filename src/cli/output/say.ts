import { format } from 'node:util';
import { placeHere } from '../../place.ts';
import { isPackage } from '../../program-files.ts';
import { typedIn } from '../typed.ts';
import { asTyped } from './as-typed.ts';
import { visible } from './visible.ts';

let above: ((text: string) => void) | undefined;
let saidAt = performance.now();

/** Talk goes to stderr, so that stdout holds nothing but answers. */
export function say(text = ''): void {
  saidAt = performance.now();
  const line = `${here(text)}\n`;
  if (above) above(line);
  else process.stderr.write(line);
}

/** Where talk goes while something live stands at the foot of the terminal. */
export function sayAbove(write: typeof above): void {
  above = write;
}

/** Whether something live stands there, which shows by itself that the command works. */
export function isCovered(): boolean {
  return above !== undefined;
}

/** For how long nothing was said, in milliseconds. */
export function silentFor(): number {
  return performance.now() - saidAt;
}

/** An answer, for people or for programs. */
export function answer(text: string): void {
  process.stdout.write(format('%s\n', here(text)));
}

/** An answer as JSON, in the documented form. */
export function answerJson(value: unknown): void {
  answer(JSON.stringify(value, null, 2));
}

/** Texts name the commands of a checkout; a package is called otherwise. */
function here(text: string): string {
  const plain = visible(text);
  return isPackage ? asTyped(plain, typedIn(placeHere()?.root ?? process.cwd())) : plain;
}
