import type { Violation } from '../../infra/policy/gate.ts';
import { isPrecious } from '../../infra/policy/plan-rules.ts';
import type { GateContext } from '../../infra/policy/rule.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { PlanJson } from '../terraform/plan-json.ts';

/**
 * What the gate compares an environment's plan with. Deletions pass here, for each is a point of no
 * return that stands in the plan by name and stops the run unless it was accepted.
 */
export function gateContext(site: Site, plan: PlanJson): GateContext {
  const lost = plan.resource_changes.filter(
    ({ type, change }) => isPrecious(type) && change.actions.includes('delete'),
  );
  return {
    project: site.environment.project,
    regions: [site.config.region],
    gateways: publicOf(site.config),
    production: site.name === 'production',
    mayDelete: lost.map(({ address }) => address),
  };
}

/** The services that a configuration declares public. */
export function publicOf({ services }: Pick<Config, 'services'>): readonly string[] {
  return Object.keys(services).filter((name) => services[name]?.public);
}

/** Throws for a plan that breaks a rule of the gate. */
export function refuseViolations(site: Site, violations: readonly Violation[]): void {
  const [first] = violations;
  if (!first) return;
  throw new Failure({
    code: 'PLAN_REFUSED',
    what: `The plan for ${site.name} violates ${violations.length} rules`,
    why: violations.map(({ rule, why, at }) => `${rule}: ${why} (${at.join(', ')})`).join('; '),
    fix: first.fix,
  });
}
