import { format } from 'node:util';
import { visible } from './visible.ts';

/** Talk goes to stderr, so that stdout holds nothing but answers. */
export function say(text = ''): void {
  process.stderr.write(`${visible(text)}\n`);
}

/** An answer, for people or for programs. */
export function answer(text: string): void {
  process.stdout.write(format('%s\n', visible(text)));
}

/** An answer as JSON, in the documented form. */
export function answerJson(value: unknown): void {
  answer(JSON.stringify(value, null, 2));
}
