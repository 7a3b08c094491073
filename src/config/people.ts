import { z } from 'zod';

const keyTypes = 'ssh-ed25519|sk-ssh-ed25519@openssh\\.com|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)';
const PublicKey = z
  .string()
  .trim()
  .regex(
    new RegExp(`^(?:${keyTypes}) [A-Za-z0-9+/]+={0,2}(?: [^\\n]*)?$`),
    'the one line of a public key file (ssh-ed25519 AAAA…)',
  );
const Login = z.string().trim().min(1);

const everything = ['start', 'approve', 'stop', 'decide'] as const;
const May = z.enum(everything);

/** Somebody who is known by a key of their own. */
const Human = z.strictObject({
  keys: z.array(PublicKey).min(1).describe('public SSH keys; each of them signs for this person'),
  logins: z
    .array(Login)
    .default([])
    .describe('names of this person in CI: a run started under one of them is theirs'),
  may: z
    .array(May)
    .min(1)
    .default([...everything]),
});

/** A CI that is known by tokens of its issuer. */
const Machine = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .describe('OpenID Connect issuer, e.g. https://token.actions.githubusercontent.com'),
  claims: z
    .record(z.string(), z.string())
    .describe('claims its tokens must have, e.g. repository and ref; all of them, exactly'),
  may: z.array(May).min(1).default(['start']),
});

/** Who may start, approve, stop and decide. */
export const People = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name in small letters'),
  z.union([Human, Machine]),
);
export type People = z.infer<typeof People>;
export type Human = z.infer<typeof Human>;
export type Machine = z.infer<typeof Machine>;
export type May = z.infer<typeof May>;

interface Declared {
  readonly approval: { readonly secondPerson: boolean };
  readonly environments: Readonly<
    Record<string, { readonly target: string; readonly people?: People | undefined }>
  >;
}

/** A sentence about what cannot be, and where it stands. */
interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

/** Claims one of which must be named: a token with the others alone may be anybody's. */
const owners = ['sub', 'repository', 'repository_id', 'email'];

/** Everything about `people` that a user must not write; a stored release is read as it is. */
export function peopleIssues({ approval, environments }: Declared): readonly Issue[] {
  return Object.entries(environments).flatMap(([name, { target, people }]) => {
    const path = ['environments', name, 'people'];
    if (people === undefined)
      return target === 'cloud' && approval.secondPerson
        ? [{ path: path.slice(0, 2), message: withoutPeople }]
        : [];
    return [
      ...sharedKeys(people, path),
      ...sharedLogins(people, path),
      ...anybody(people, path),
      ...tooFew(people, path, approval.secondPerson),
    ];
  });
}

const withoutPeople =
  '`approval.secondPerson` needs `people` here: names with public SSH keys, since a command line cannot ' +
  'prove who runs it';

function sharedKeys(people: People, path: readonly string[]): readonly Issue[] {
  return shared(people, path, 'keys', ({ keys }) => keys.map(keyOf));
}

function sharedLogins(people: People, path: readonly string[]): readonly Issue[] {
  return shared(people, path, 'logins', ({ logins }) => logins.map((login) => login.toLowerCase()));
}

/** One key under two names would make a second person out of the first. */
function shared(
  people: People,
  path: readonly string[],
  field: 'keys' | 'logins',
  read: (human: Human) => readonly string[],
): readonly Issue[] {
  const owner = new Map<string, string>();
  return Object.entries(people).flatMap(([name, person]) =>
    ('keys' in person ? read(person) : []).flatMap((value) => {
      const other = owner.get(value);
      owner.set(value, other ?? name);
      if (other === undefined || other === name) return [];
      const message = `one of them is ${other}'s as well: keys cannot be shared`;
      return [{ path: [...path, name, field], message }];
    }),
  );
}

function anybody(people: People, path: readonly string[]): readonly Issue[] {
  return Object.entries(people).flatMap(([name, person]) => {
    if (!('claims' in person)) return [];
    if (owners.some((claim) => person.claims[claim])) return [];
    const message = `name one of ${owners.join(', ')}: the issuer gives tokens to anyone`;
    return [{ path: [...path, name, 'claims'], message }];
  });
}

function tooFew(people: People, path: readonly string[], second: boolean): readonly Issue[] {
  const may = (what: May) =>
    Object.entries(people).flatMap(([name, person]) => (person.may.includes(what) ? [name] : []));
  const [starters, approvers] = [may('start'), may('approve')];
  if (starters.length === 0) return [{ path, message: 'none of them may start a run' }];
  const pairs = starters.some((one) => approvers.some((other) => other !== one));
  if (!second || pairs) return [];
  const message = '`approval.secondPerson` needs two of them: one who starts, one who approves';
  return [{ path, message }];
}

/** A public key without its comment: what makes it the same key. */
export function keyOf(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(' ');
}
