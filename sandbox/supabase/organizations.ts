import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Organization } from './record.ts';
import type { Room } from './room.ts';

/** The token that opens every organization; a known world keeps its own. */
export function ensureOwner(room: Room, ownerToken?: string): string {
  const tokens = room.world.collection('supabase-owner', z.string());
  const token = ownerToken ?? tokens.get('token') ?? newToken();
  tokens.set('token', token);
  return token;
}

/** The organization of that slug; where there is none yet, a new one. */
export function ensureOrganization(room: Room, slug: string): Organization {
  return room.organizations.get(slug) ?? addOrganization(room, slug, slug);
}

/** Adds an organization with a token that opens it alone. */
export function addOrganization(room: Room, slug: string, name: string): Organization {
  const organization = { slug, name, token: newToken() };
  room.organizations.set(slug, organization);
  return organization;
}

/** The addresses of an organization's people, to whom Supabase's own mailer writes. */
export function membersOf(room: Room, slug: string): readonly string[] {
  return room.organizations.get(slug)?.members ?? ['owner@sandbox.internal'];
}

/** The organizations that a token opens; undefined for a token that nobody gave out. */
export function organizationsOf(room: Room, owner: string, token: string): string[] | undefined {
  const all = room.organizations.list().map(([, organization]) => organization);
  if (token === owner) return all.map(({ slug }) => slug);
  const own = all.filter((organization) => organization.token === token);
  return own.length === 0 ? undefined : own.map(({ slug }) => slug);
}

function newToken(): string {
  return `sbp_${randomBytes(20).toString('hex')}`;
}
