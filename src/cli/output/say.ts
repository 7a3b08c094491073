import { format } from 'node:util';
import { placeHere } from '../../place.ts';
import { isPackage } from '../../program-files.ts';
import { typedIn } from '../typed.ts';
import { asTyped } from './as-typed.ts';
import { visible } from './visible.ts';

/** Talk goes to stderr, so that stdout holds nothing but answers. */
export function say(text = ''): void {
  process.stderr.write(`${here(text)}\n`);
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
