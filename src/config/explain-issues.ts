import { Failure } from '../failure.ts';
import type { Issue } from './issue.ts';
import type { LineOf } from './parse-yaml.ts';

/** Everything wrong in windlass.yaml as one failure: each with its key, its line and its fix. */
export function explainIssues(issues: readonly Issue[], lineOf: LineOf): Failure {
  const [first, ...others] = issues.map((issue) => explained(issue, lineOf));
  const alone = others.length === 0;
  const said = ({ why, fix }: Explained) => (fix ? `${why}. ${fix}` : why);
  return new Failure({
    code: 'CONFIG_INVALID',
    what: `windlass.yaml has ${alone ? 'an error' : `${issues.length} errors`}`,
    why: alone
      ? (first?.why ?? '')
      : [first, ...others].flatMap((one) => (one ? [said(one)] : [])).join('; '),
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
