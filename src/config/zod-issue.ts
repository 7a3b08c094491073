import { z } from 'zod';
import type { Issue } from './issue.ts';
import { keysAt } from './keys-at.ts';
import { nearest } from './nearest.ts';

/**
 * What the schema of windlass.yaml has against a file, in our words and each with its fix. Of a value
 * that is of the wrong kind no rule says anything more.
 */
export function fromZod(found: readonly z.core.$ZodIssue[]): readonly Issue[] {
  const issues = found.flatMap(meant);
  const wrong = new Set(issues.flatMap((one) => (one.code === 'custom' ? [] : [placeOf(one)])));
  return issues
    .filter((one) => one.code !== 'custom' || !wrong.has(placeOf(one)))
    .flatMap(explained);
}

/** Of a value that may be of several kinds: what the only kind that it can be has against it. */
function meant(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ways = issue.errors.filter((way) => !way.every(isOtherKind));
  const [only, second] = ways;
  if (only === undefined || second !== undefined) return [issue];
  return only.flatMap((one) => meant({ ...one, path: [...issue.path, ...one.path] }));
}

function isOtherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function placeOf({ path }: z.core.$ZodIssue): string {
  return path.map(String).join('.');
}

function explained(issue: z.core.$ZodIssue): readonly Issue[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key, at) => unknownKey(path, key, at < guessed));
  return [{ path, message: messageOf(issue), fix: fixOf(issue, path.at(-1) ?? '') }];
}

const unknown = 'is not a known key';

/** Unknown keys of one place for which the known one is looked for that they may mean. */
const guessed = 20;

function unknownKey(path: readonly string[], key: string, guess: boolean): Issue {
  if (!guess) return { path: [...path, key], message: unknown };
  const known = keysAt(path);
  const meant = nearest(key, known);
  const fix = meant ? `Did you mean \`${meant}\`?` : `Remove it; known here: ${known.join(', ')}.`;
  return { path: [...path, key], message: unknown, fix };
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join('; ');
  if (issue.code !== 'invalid_union') return issue.message;
  const ways = issue.errors.flatMap((way) => way.slice(0, 1).map(({ message }) => message));
  return [...new Set(ways)].join(', or ') || issue.message;
}

const Params = z.object({ fix: z.string() });

function fixOf(issue: z.core.$ZodIssue, key: string): string | undefined {
  switch (issue.code) {
    case 'custom':
      return Params.safeParse(issue.params).data?.fix;
    case 'too_big':
      return issue.origin === 'string' ? undefined : `Write \`${key}: ${issue.maximum}\` or less.`;
    case 'too_small':
      if (issue.origin === 'array') return `Name at least one, or remove \`${key}\`.`;
      return issue.origin === 'string' ? undefined : `Write \`${key}: ${issue.minimum}\` or more.`;
    case 'invalid_value':
      return `Write one of: ${issue.values.map(String).join(', ')}.`;
    case 'invalid_type':
      return `Write a value of the type ${issue.expected === 'int' ? 'whole number' : issue.expected}.`;
    case 'invalid_format':
      return `Write it so: ${issue.message}.`;
    default:
      return undefined;
  }
}
