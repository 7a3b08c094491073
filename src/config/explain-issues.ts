import { Failure } from '../failure.ts';
import type { Issue } from './issue.ts';
import type { LineOf } from './parse-yaml.ts';

/** Mistakes that are told at once; whoever mends these is told the next. */
const shown = 20;

/** Everything wrong in windlass.yaml as one failure: each with its key, its line and its fix. */
export function explainIssues(issues: readonly Issue[], lineOf: LineOf): Failure {
  const [first, ...others] = issues.slice(0, shown).map((issue) => explained(issue, lineOf));
  const alone = issues.length === 1;
  const more = issues.length > shown ? `; and ${issues.length - shown} more` : '';
  const said = ({ why, fix }: Explained) => (fix ? `${why}. ${fix}` : why);
  return new Failure({
    code: 'CONFIG_INVALID',
    what: `windlass.yaml has ${alone ? 'an error' : `${issues.length} errors`}`,
    why: alone
      ? (first?.why ?? '')
      : [first, ...others].flatMap((one) => (one ? [said(one)] : [])).join('; ') + more,
    fix:
      alone && first?.fix
        ? `${first.fix} Then run the command again.`
        : 'Fix windlass.yaml (windlass.schema.json lists every key), then run the command again.',
  });
}

interface Explained {
  readonly why: string;
  readonly fix: string | undefined;
}

function explained({ path, message, fix }: Issue, lineOf: LineOf): Explained {
  const line = lineOf(path);
  const place = path.join('.') || 'top level';
  return { why: `${line === undefined ? place : `${place} (line ${line})`}: ${message}`, fix };
}
