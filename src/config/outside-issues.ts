import { posix } from 'node:path';
import type { Config } from './config.ts';
import type { Issue } from './issue.ts';
import { leadsOut } from './leads-out.ts';

/**
 * Paths that lead out of the project: what a release is made of lies below windlass.yaml, so that
 * nothing else on the machine is read into it. A file that holds a secret is none of it; mounted from
 * elsewhere it has an absolute path.
 */
export function outsideIssues(config: Config): readonly Issue[] {
  return [...released(config), ...secretFiles(config)].flatMap(({ path, file, secret }) => {
    const why = file === undefined ? undefined : wrongWith(file, secret);
    const message = `is ${JSON.stringify(file)}: ${why}`;
    const fix = secret
      ? 'Name a file below the folder of windlass.yaml, or one by its absolute path.'
      : 'Move it below the folder of windlass.yaml, and name it from there.';
    return why === undefined ? [] : [{ path, message, fix }];
  });
}

interface Named {
  readonly path: readonly string[];
  readonly file: string | undefined;
  readonly secret: boolean;
}

function released({ access, services }: Config): readonly Named[] {
  return [
    { path: ['access'], file: access, secret: false },
    ...Object.entries(services).flatMap(([name, { source, build, migrations }]) => {
      const path = ['services', name];
      const revisions = typeof migrations === 'object' ? migrations.path : undefined;
      return [
        { path: [...path, 'source'], file: source, secret: false },
        { path: [...path, 'build', 'dockerfile'], file: build?.dockerfile, secret: false },
        { path: [...path, 'build', 'context'], file: build?.context, secret: false },
        { path: [...path, 'migrations', 'path'], file: revisions, secret: false },
      ];
    }),
  ];
}

function secretFiles({ notify, environments }: Config): readonly Named[] {
  return [
    { path: ['notify', 'webhookFile'], file: notify.webhookFile, secret: true },
    ...Object.entries(environments).flatMap(([name, { supabase, backup }]) => {
      const path = ['environments', name];
      return [
        { path: [...path, 'backup', 'keyFile'], file: backup.keyFile, secret: true },
        { path: [...path, 'supabase', 'tokenFile'], file: supabase.tokenFile, secret: true },
        {
          path: [...path, 'supabase', 'smtpPasswordFile'],
          file: supabase.smtpPasswordFile,
          secret: true,
        },
        {
          path: [...path, 'supabase', 'databaseCaFile'],
          file: supabase.databaseCaFile,
          secret: true,
        },
      ];
    }),
  ];
}

function wrongWith(file: string, secret: boolean): string | undefined {
  if (file.trim() === '') return 'that names nothing';
  if (file.includes('\u0000')) return 'no path holds a NUL';
  if (secret && posix.isAbsolute(file)) return undefined;
  return leadsOut(file) ? 'that leads out of the project' : undefined;
}
