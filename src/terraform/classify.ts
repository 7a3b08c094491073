import { Failure } from '../failure.ts';
import { terraformCauses } from './causes.ts';
import type { Cause } from './causes.ts';
import type { Diagnostic } from './stream.ts';

/** How a Terraform command ended badly. */
export interface BadEnd {
  readonly command: string;
  readonly exitCode: number;
  readonly diagnostics: readonly Diagnostic[];
  /** The last lines of its output. */
  readonly tail: readonly string[];
  /** Whether we had asked it to stop. */
  readonly interrupted?: boolean;
}

/** A Failure that also keeps Terraform's last lines and the resources that it names. */
export class TerraformFailure extends Failure {
  readonly tail: readonly string[];
  readonly addresses: readonly string[];

  constructor(cause: Omit<Cause, 'signs'>, end: BadEnd, why: string) {
    const addresses = errorsOf(end).flatMap((error) => (error.address ? [error.address] : []));
    const what = [cause.what, ...servicesOf(addresses)].join(': ');
    super({ code: cause.code, what, why, fix: cause.fix, class: cause.class });
    this.tail = end.tail;
    this.addresses = addresses;
  }
}

/** The services and secrets that the addresses belong to, as one text; nothing where there are none. */
function servicesOf(addresses: readonly string[]): readonly string[] {
  const found = addresses.flatMap((one) => /^module\.\w+\["([^"]+)"\]/.exec(one)?.[1] ?? []);
  return found.length === 0 ? [] : [[...new Set(found)].join(', ')];
}

/** Says in our words why the command failed, and what may be done about it. */
export function terraformFailure(end: BadEnd): TerraformFailure {
  if (end.exitCode === 137) return new TerraformFailure(killed, end, lastWords(end));
  if (end.interrupted === true) return new TerraformFailure(stopped, end, lastWords(end));
  const errors = errorsOf(end).map((error) => `${error.summary}\n${error.detail}`);
  // Other lines of its output hold names and values of the user's; they count where nothing else is.
  const text = (errors.length > 0 ? errors : end.tail).join('\n');
  const cause = terraformCauses.find((one) => one.signs.some((sign) => sign.test(text)));
  return new TerraformFailure(cause ?? unknown(end), end, lastWords(end));
}

const killed = {
  code: 'TERRAFORM_KILLED',
  class: 'reconcile',
  what: 'Terraform was killed',
  fix: 'The next attempt releases its lock, adopts what it made last and plans again. Where the run has ended: `windlass recover -e ENVIRONMENT --reconcile`.',
} as const;

const stopped = {
  code: 'TERRAFORM_STOPPED',
  class: 'undo',
  what: 'Terraform was stopped',
  fix: 'No action needed: what was created is in the state; the rest was not started.',
} as const;

function unknown(end: BadEnd): Omit<Cause, 'signs'> {
  return {
    code: 'TERRAFORM_FAILED',
    class: 'undo',
    what: `terraform ${end.command} failed (exit ${end.exitCode})`,
    fix: 'Read the last lines of its output; the whole log is kept with the run.',
  };
}

function errorsOf(end: BadEnd): readonly Diagnostic[] {
  return end.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
}

function lastWords(end: BadEnd): string {
  const [first] = errorsOf(end);
  if (first === undefined) return end.tail.at(-1) ?? 'No output.';
  const where = first.address === undefined ? '' : ` (${first.address})`;
  return `${first.summary}${where}. ${first.detail.replaceAll(/\s+/g, ' ').trim()}`.trim();
}
