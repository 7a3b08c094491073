import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { verifyIdToken } from '../google/id-tokens.ts';
import { allows } from '../google/policies.ts';
import type { World } from '../world.ts';
import { partsOf, type ServiceRecord, services } from './records.ts';
import { serviceUrls } from './urls.ts';
import { readTemplate } from './template.ts';

/** The answer to "may this request come in?": undefined for yes, else the status to refuse with. */
export type Refusal = 401 | 403 | 404 | undefined;

const INVOKE = 'run.routes.invoke';
const Audiences = z.array(z.string()).default([]);

/**
 * Decides by the service's policy and ingress: everybody where `allUsers` may invoke, else who
 * shows an identity token for one of the service's audiences and may invoke.
 */
export function refusal(
  world: World,
  service: ServiceRecord,
  headers: IncomingHttpHeaders,
): Refusal {
  const token = bearer(headers['x-serverless-authorization'] ?? headers.authorization);
  const email = token === undefined ? undefined : emailOf(world, service, token);
  if (isInternal(service) && !isNeighbour(world, service, email)) return 404;
  if (service.spec['invokerIamDisabled'] === true) return undefined;
  if (allows(world, 'allUsers', INVOKE, service.name)) return undefined;
  if (token === undefined) return 403;
  if (email === undefined) return 401;
  return allows(world, `serviceAccount:${email}`, INVOKE, service.name) ? undefined : 403;
}

function emailOf(world: World, service: ServiceRecord, token: string): string | undefined {
  try {
    const { aud, email } = verifyIdToken(world, token);
    const audiences = [
      ...serviceUrls(world, service),
      ...Audiences.parse(service.spec['customAudiences']),
    ];
    return audiences.includes(aud.replace(/\/$/, '')) ? email : undefined;
  } catch {
    return undefined;
  }
}

// There is no network to come from here: internal callers are the accounts of those services of the
// project that send through a VPC network. To Google, the calls of all others come from outside.
function isNeighbour(world: World, service: ServiceRecord, email: string | undefined): boolean {
  const { project } = partsOf(service.name);
  return services(world)
    .list()
    .filter(([name]) => partsOf(name).project === project)
    .map(([, { spec }]) => readTemplate(spec['template']))
    .some(({ serviceAccount, vpcAccess }) => vpcAccess !== undefined && serviceAccount === email);
}

const isInternal = ({ spec }: ServiceRecord): boolean =>
  spec['ingress'] !== undefined && spec['ingress'] !== 'INGRESS_TRAFFIC_ALL';

function bearer(header: string | string[] | undefined): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(String(header ?? ''))?.[1];
}
