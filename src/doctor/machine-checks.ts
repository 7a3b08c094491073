import { accessSync } from 'node:fs';
import { join } from 'node:path';
import { pythonTools } from '../program-files.ts';
import { lockFileText, readProvidersLock, unlocked } from '../providers/lock-file.ts';
import { preflight } from './preflight.ts';
import type { Site } from '../site.ts';
import { commandFor, withoutValue } from '../secret-values/external.ts';
import type { Check, Finding } from './examine.ts';

/** What this machine brings: programs, the time, the key of the backups, values that a person gives. */
export function machineChecks(site: Site): readonly Check[] {
  return [
    { id: 'programs', look: programs },
    { id: 'clock', look: (signal) => clock(site, signal) },
    { id: 'backup key', look: () => backupKey(site) },
    { id: 'external secrets', look: () => externals(site) },
    { id: 'providers', look: () => providers(site) },
  ];
}

async function programs(): Promise<Finding> {
  await preflight();
  try {
    accessSync(join(pythonTools(), 'bin', 'python'));
  } catch {
    return {
      state: 'missing',
      says: 'the Python tools (Alembic) are not installed',
      fix: 'Run `make setup` in a checkout, `windlass setup` with the package.',
    };
  }
  return { state: 'ok', says: 'Node, Terraform and the Python tools' };
}

// Signed tokens are refused when the clock is some minutes off; the Date header counts whole seconds.
const toleratedMs = 60_000;

async function clock({ google }: Site, signal: AbortSignal): Promise<Finding> {
  const { headers } = await fetch(google.endpoints.storage, { method: 'HEAD', signal });
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return { state: 'ok', says: 'not told by the other side' };
  const off = Math.abs(Date.now() - theirs);
  if (off <= toleratedMs) return { state: 'ok', says: 'agrees with Google’s' };
  return {
    state: 'missing',
    says: `${Math.round(off / 1000)} s off Google’s`,
    fix: 'Set the clock of this machine (such as `timedatectl set-ntp true`): tokens are refused otherwise.',
  };
}

async function backupKey({ backupKeys }: Site): Promise<Finding> {
  await backupKeys.current();
  return { state: 'ok', says: 'at hand' };
}

/** The sandbox serves its own provider, which has no build to be pinned. */
async function providers({ root, name, environment }: Site): Promise<Finding> {
  const text = await lockFileText(root);
  if (text !== undefined) {
    const locked = readProvidersLock(text).map((one) => `${one.source} ${one.version}`);
    return { state: 'ok', says: `${locked.join(', ')}, locked` };
  }
  if (environment.target === 'sandbox') return { state: 'ok', says: 'those of the sandbox' };
  const { why, fix } = unlocked(name);
  return { state: 'missing', says: why, fix };
}

async function externals(site: Site): Promise<Finding> {
  const missing = await withoutValue(site);
  if (missing.length === 0) return { state: 'ok', says: 'each has its value, or there are none' };
  const commands = missing.map((one) => `\`${commandFor(site.name, one)}\``);
  return {
    state: 'missing',
    says: `${missing.map(({ id }) => id).join(', ')}: no value`,
    fix: `Type ${commands.join('; ')}.`,
  };
}
