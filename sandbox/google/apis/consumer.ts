import { z } from 'zod';
import type { World } from '../../world.ts';
import { accounts } from '../account-records.ts';
import type { Call } from '../http.ts';

const Owned = z.looseObject({ project: z.string() });

/** The project by which a call is counted: the resource's, else the one that is named to pay, else the caller's. */
export function consumerOf(
  world: World,
  { path, params, query, headers, caller }: Call,
): string | undefined {
  const { bucket } = params;
  if (bucket !== undefined) return world.collection('buckets', Owned).get(bucket)?.project;
  const named = /\/(?:projects|namespaces)\/([^/:]+)/.exec(path)?.[1] ?? query.get('project');
  if (named !== null && named !== '-') return named;
  const account = /\/serviceAccounts\/([^/:]+)/.exec(decodeURIComponent(path))?.[1];
  if (account !== undefined) return projectOfAccount(world, account);
  const payer = headers['x-goog-user-project'];
  if (typeof payer === 'string') return payer;
  return projectOfAccount(world, caller.member.replace(/^serviceAccount:/, ''));
}

function projectOfAccount(world: World, key: string): string | undefined {
  const known = accounts(world).list();
  return known.find(([email, { uniqueId }]) => email === key || uniqueId === key)?.[1].projectId;
}
