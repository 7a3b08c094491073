import { knownForms } from './known.ts';
import { shapes } from './shapes.ts';

/** What stands in a report where a secret stood. */
export const mark = '[secret]';

/**
 * A text from outside without the secrets that passed through this process, in whatever usual form,
 * and without what looks like one. Safe to apply twice.
 */
export function redacted(text: string): string {
  return shapes.reduce(
    (all, { pattern, keeps }) =>
      keeps ? all.replaceAll(pattern, kept) : all.replaceAll(pattern, mark),
    withoutKnown(text),
  );
}

/** The same without the guesses by shape: for texts of our own, which may name what secrets look like. */
export function withoutKnown(text: string): string {
  return knownForms().reduce(
    (all, form) => (all.includes(form) ? all.replaceAll(form, mark) : all),
    text,
  );
}

/** An error and its causes with redacted messages and stacks, as nothing else of it is carried on. */
export function redactedError(error: Error, depth = 8): Error {
  const { cause } = error;
  const inner = cause instanceof Error && depth > 0 ? redactedError(cause, depth - 1) : undefined;
  const copy = new Error(redacted(error.message), inner ? { cause: inner } : {});
  copy.name = error.name;
  copy.stack = redacted(error.stack ?? '');
  return copy;
}

/** The first and the last group stay; what is a mark already, or a variable, is no secret. */
function kept(match: string, ...groups: readonly unknown[]): string {
  const texts = groups.slice(
    0,
    groups.findIndex((one) => typeof one === 'number'),
  );
  const [before, after] = [String(texts[0]), String(texts.at(-1))];
  const gone = match.slice(before.length, match.length - after.length);
  return /^(\[secret\b|\$\{?\w+\}?$|<|\.\.\.|…)/.test(gone) ? match : `${before}${mark}${after}`;
}
