import { addressIssues } from './address-issues.ts';
import { askedIssues } from './asked-issues.ts';
import type { Config } from './config.ts';
import type { Issue } from './issue.ts';
import { kindIssues } from './kind-issues.ts';
import { nameIssues } from './name-issues.ts';
import { outsideIssues } from './outside-issues.ts';
import { ownIssues } from './own-issues.ts';
import { pathIssues } from './path-issues.ts';
import { placeIssues } from './place-issues.ts';
import { reachIssues } from './reach-issues.ts';
import { ruleIssues } from './rule-issues.ts';
import type { Service } from './service.ts';
import { smokeIssues } from './smoke-issues.ts';
import { exposedIssues } from './schema-issues.ts';
import { sizeIssues } from './size-issues.ts';
import { smtpIssues } from './smtp-issues.ts';
import { startIssues } from './start-issues.ts';
import { variableIssues } from './variable-issues.ts';

/**
 * What the clouds would refuse of a windlass.yaml, by the key that says so. Looked for in the
 * user's own file only: a release that was stored stays readable.
 */
export function writtenIssues(config: Config): readonly Issue[] {
  return [
    ...issuesOf(config.services),
    ...ownIssues(config, (services) => [...issuesOf(services), ...instanceIssues(services)]),
    ...reachIssues(config.services),
    ...askedIssues(config.services),
    ...smokeIssues(config),
    ...placeIssues(config),
    ...ruleIssues(config),
    ...exposedIssues(config),
    ...addressIssues(config),
    ...smtpIssues(config),
    ...outsideIssues(config),
  ];
}

function issuesOf(services: Config['services']): readonly Issue[] {
  return Object.entries(services).flatMap(([name, service]) =>
    serviceIssues(name, service).map((issue) => ({
      ...issue,
      path: ['services', name, ...issue.path],
    })),
  );
}

/** The schema says it of `services`; of what an environment changes in them it cannot. */
function instanceIssues(services: Config['services']): readonly Issue[] {
  return Object.entries(services).flatMap(([name, { min, max }]) => {
    if (min <= max) return [];
    const message = `is ${min}, above \`max\`, which is ${max}`;
    return [{ path: ['services', name, 'min'], message, fix: 'Raise `max`, or lower `min`.' }];
  });
}

/** What Cloud Run, or something that has a name already, would refuse of one service. */
function serviceIssues(name: string, service: Service): readonly Issue[] {
  return [
    ...nameIssues(name, service),
    ...kindIssues(service),
    ...sizeIssues(service),
    ...variableIssues(service.env),
    ...pathIssues(service),
    ...startIssues(service),
  ];
}
