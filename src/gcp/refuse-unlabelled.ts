import { Failure } from '../failure.ts';

type Labels = Readonly<Record<string, string>>;

/** Throws before a thing is deleted that does not carry, as it is now, every label asked for. */
export function refuseUnlabelled(what: string, found: Labels, wanted: Labels): void {
  const names = Object.keys(wanted);
  const lacks = names.filter((name) => found[name] !== wanted[name]);
  if (names.length > 0 && lacks.length === 0) return;
  throw new Failure({
    code: 'RESOURCE_FOREIGN',
    what: `Nothing proves that Windlass made ${what}, so it was not deleted`,
    why: `it lacks ${lacks.map((name) => `${name}=${wanted[name]}`).join(', ') || 'any label to go by'}`,
    fix: 'If it may go, delete it by hand; then run the command again.',
  });
}
