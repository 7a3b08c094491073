import { isIPv6 } from 'node:net';
import type { CostEstimate } from '../../infra/policy/cost.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { readIpv4, usualIpv4Price } from '../supabase/addons.ts';
import type { Ipv4 } from '../supabase/addons.ts';
import { readPoolSize, usualPoolSize } from '../supabase/database.ts';
import { findProject } from '../supabase/project.ts';
import { ipv4Name } from './ipv4-name.ts';
import { statedWay } from './way.ts';
import type { Way } from './way.ts';

/** How a release’s services and Windlass will reach the database. */
export interface PlannedWay {
  readonly way: Way;
  /** Which way and why, in words. */
  readonly lines: readonly string[];
  /** What is bought, as a line of the settings. */
  readonly settings: readonly string[];
  readonly cost: CostEstimate;
  /** Sessions that one login may have; undefined where nobody but the database counts them. */
  readonly poolSize: number | undefined;
}

/**
 * Says how the database will be reached, why, and what that costs; throws DATABASE_LOCKED_OUT where
 * the stated network restrictions would keep everybody out.
 */
export async function planWay(site: Site, accept: readonly string[] = []): Promise<PlannedWay> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  const now = project
    ? await readIpv4(site.supabase, project.ref)
    : { bought: false, price: usualIpv4Price };
  const buys = !now.bought && accept.includes(ipv4Name(site));
  const has = now.bought || buys;
  const stated = statedWay(site);
  const way = stated === 'auto' ? (has ? 'direct' : 'pooler') : stated;
  if (way === 'direct' && !has) refuseLockedOut(site);
  const price = `$${now.price} a month`;
  const size = project ? await readPoolSize(site.supabase, project.ref) : usualPoolSize;
  return {
    way,
    lines: linesOf(site, { way, now, buys }),
    settings: buys ? [`IPv4 add-on: none -> bought, ${price}`] : [],
    cost: costOf(now, { has, buys }),
    poolSize: way === 'pooler' ? size : undefined,
  };
}

function linesOf(
  site: Site,
  of: { readonly way: Way; readonly now: Ipv4; readonly buys: boolean },
): readonly string[] {
  const { way, now, buys } = of;
  const bySelf = statedWay(site) === 'auto';
  const where = way === 'direct' ? 'its own host' : 'the shared pooler, in session mode';
  const addOn = now.bought
    ? 'the project has the IPv4 add-on'
    : buys
      ? 'this deploy buys the IPv4 add-on'
      : 'the project has no IPv4 add-on';
  const first = `by ${where}: ${bySelf ? addOn : 'windlass.yaml says so'}`;
  if (now.bought || buys) return [first];
  if (way === 'direct')
    return [first, `${addOn}: that host has an IPv6 address alone, which Cloud Run does not reach`];
  if (!bySelf) return [first];
  return [first, `by its own host instead: --accept ${ipv4Name(site)} ($${now.price} a month)`];
}

function costOf(
  { price }: Ipv4,
  { has, buys }: { readonly has: boolean; readonly buys: boolean },
): CostEstimate {
  const line = { address: 'supabase IPv4 add-on', text: 'due every month', usd: price };
  return {
    fixed: has ? price : 0,
    delta: buys ? price : 0,
    lines: has ? [line] : [],
    usage: [],
    unknown: [],
  };
}

/** IPv6 has a list of its own: without a range in it nobody comes in by an IPv6 address. */
function refuseLockedOut(site: Site): void {
  const ranges = site.environment.supabase.networkRestrictions;
  if (!ranges || ranges.some((range) => isIPv6(range.split('/')[0] ?? ''))) return;
  throw new Failure({
    code: 'DATABASE_LOCKED_OUT',
    what: 'The network restrictions would lock everybody out of the database',
    why: `\`connection: direct\` without the IPv4 add-on goes by IPv6, and \`networkRestrictions\` names IPv4 ranges alone: ${ranges.join(', ')}`,
    fix: `Add an IPv6 range, or take \`connection: pooler\`, or buy the add-on: --accept ${ipv4Name(site)}`,
  });
}
