import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Config } from './config.ts';
import { countIssues } from './count-issues.ts';
import { droppedIn, droppedKeys } from './dropped-keys.ts';
import { imageIssues } from './image-issues.ts';
import type { Environment } from './environment.ts';
import { explainIssues } from './explain-issues.ts';
import type { Issue } from './issue.ts';
import { ownIssues } from './own-issues.ts';
import { parseYaml } from './parse-yaml.ts';
import { peopleIssues } from './people.ts';
import { writtenIssues } from './written-issues.ts';
import { readYaml } from './read-yaml.ts';
import { fromZod } from './zod-issue.ts';
import { imageNamed } from './own-services.ts';
import type { Service } from './service.ts';
import { buildPlanOf } from '../images/build-plan.ts';
import { drilledBy, drillEnvironment } from '../drills/drill-site.ts';
import { Failure } from '../failure.ts';
import { ownValue } from '../own-value.ts';

/** What a user may write is stricter than what a stored release may hold. */
const Written = Config.superRefine((config, context) => {
  const issues: readonly Issue[] = [
    ...droppedKeys(config),
    ...ownIssues(config, droppedIn),
    ...imageIssues(config),
    ...peopleIssues(config),
    ...writtenIssues(config),
  ];
  for (const { path, message, fix } of issues)
    context.addIssue({ code: 'custom', path: [...path], message, params: { fix } });
});

/** Reads windlass.yaml of a project; a Failure names file, line and key of everything wrong in it. */
export async function readConfig(root: string): Promise<Config> {
  const text = await readYaml(join(root, 'windlass.yaml')).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`windlass.yaml cannot be read in ${root}`, why, cause);
  });
  return configOf(text);
}

/** The configuration that a text is; a Failure as above. */
export function configOf(text: string): Config {
  const file = parseYaml(text);
  if (file.broken !== undefined) throw invalid('windlass.yaml is not YAML', file.broken);
  const tooMany = countIssues(file.value);
  if (tooMany.length > 0) throw explainIssues(tooMany, file.lineOf);
  const parsed = Written.safeParse(file.value);
  if (!parsed.success) throw explainIssues(fromZod(parsed.error.issues), file.lineOf);
  return parsed.data;
}

/** The environment of that name; a Failure lists those that exist. */
export function environmentOf(config: Config, name: string): Environment {
  const environment = ownValue(config.environments, name);
  if (environment) return environment;
  const drilled = ownValue(config.environments, drilledBy(name) ?? '');
  if (drilled) return drillEnvironment(drilled);
  throw new Failure({
    code: 'ENVIRONMENT_UNKNOWN',
    what: `There is no environment '${name}'`,
    why: `windlass.yaml declares: ${Object.keys(config.environments).join(', ')}.`,
    fix: 'Use one of these, or declare it under `environments`.',
  });
}

/** A Failure where windlass.yaml names a source that no image can be made of; a stored release needs none. */
export function requireSources(root: string, config: Config, environment?: string): void {
  for (const [name, service] of Object.entries(config.services))
    if (imageNamed(config, environment, name) === undefined) requireBuildable(root, name, service);
}

function requireBuildable(root: string, name: string, service: Service): void {
  const { folder, dockerfile, wanted } = buildPlanOf(root, service);
  const what = `The image of ${name} is missing`;
  if (!existsSync(folder))
    throw invalid(what, `services.${name}: there is no folder ${relative(root, folder)}`);
  if (dockerfile !== undefined) return;
  if (service.build !== undefined)
    throw invalid(what, `services.${name}.build needs a Dockerfile, and there is no ${wanted}`);
  if (service.source !== undefined && existsSync(join(root, service.source, 'service.json')))
    return;
  const said = service.source === undefined ? '' : `.source is '${service.source}'`;
  throw invalid(what, `services.${name}${said}, and there is no ${wanted}`);
}

function invalid(what: string, why: string, cause?: unknown): Failure {
  return new Failure({
    code: 'CONFIG_INVALID',
    what,
    why,
    fix: 'Fix windlass.yaml (windlass.schema.json lists every key), then run the command again.',
    cause,
  });
}
