import { Failure } from '../failure.ts';
import { canLogIn } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import type { Site } from '../site.ts';
import { behindLoss } from '../supabase/behind-loss.ts';
import { behindRestrictions } from '../database-way/behind-restrictions.ts';
import { databaseAddress } from '../database-way/way.ts';
import type { DatabaseAddress } from '../supabase/database.ts';
import { shortLogin } from '../supabase/login-role.ts';
import { workingAdmin } from './held-admin.ts';
import { ownAdmin } from './own-admin.ts';

/**
 * How Windlass logs in to a project of its own as `postgres` would, without setting anybody's
 * password: with the login that it holds, while that works; else with a short-lived one of the
 * Management API; else as `windlass_admin`, made through the SQL endpoint. Proven by logging in.
 */
export async function adminLogin(site: Site, ref: string): Promise<Login> {
  const address = await databaseAddress(site, ref);
  try {
    const held = await workingAdmin(site, address);
    if (held) return held;
    const short = await shortAdmin(site, ref, address);
    if (short) return short;
    return await ownAdmin(site, { ref, address });
  } catch (error) {
    throw await behindRestrictions(site, ref, error);
  }
}

/** A login that ends by itself; undefined where the platform does not give one that works. */
async function shortAdmin(
  site: Site,
  ref: string,
  address: DatabaseAddress,
): Promise<Login | undefined> {
  try {
    const renew = (refused?: string) => shortLogin(site.supabase, ref, { refused });
    const login = { ...address, ...(await renew()), actsAs: address.user, renew };
    return (await canLogIn(login)) ? login : undefined;
  } catch (error) {
    if (!(error instanceof Failure) || !notOffered.has(error.code)) throw error;
    // A project that is paused or restarts refuses in the same way.
    const loss = await behindLoss(site, error);
    if (loss !== error) throw loss;
    return undefined;
  }
}

/** The path is Beta: it may be gone, closed to this token, or of another form. */
const notOffered = new Set([
  ...['SUPABASE_NOT_FOUND', 'SUPABASE_DENIED', 'SUPABASE_INVALID', 'SUPABASE_ANSWER_STRANGE'],
]);
