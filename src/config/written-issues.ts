import { askedIssues } from './asked-issues.ts';
import type { Config } from './config.ts';
import type { Issue } from './issue.ts';
import { nameIssues } from './name-issues.ts';
import { pathIssues } from './path-issues.ts';
import { placeIssues } from './place-issues.ts';
import { ruleIssues } from './rule-issues.ts';
import type { Service } from './service.ts';
import { smokeIssues } from './smoke-issues.ts';
import { sizeIssues } from './size-issues.ts';
import { variableIssues } from './variable-issues.ts';

/**
 * What the clouds would refuse of a windlass.yaml, by the key that says so. Looked for in the
 * user's own file only: a release that was stored stays readable.
 */
export function writtenIssues(config: Config): readonly Issue[] {
  const services = Object.entries(config.services).flatMap(([name, service]) =>
    serviceIssues(name, service).map((issue) => ({
      ...issue,
      path: ['services', name, ...issue.path],
    })),
  );
  const asked = [...askedIssues(config.services), ...smokeIssues(config)];
  return [...services, ...asked, ...placeIssues(config), ...ruleIssues(config)];
}

/** What Cloud Run, or something that has a name already, would refuse of one service. */
function serviceIssues(name: string, service: Service): readonly Issue[] {
  return [
    ...nameIssues(name, service),
    ...sizeIssues(service),
    ...variableIssues(service.env),
    ...pathIssues(service),
  ];
}
