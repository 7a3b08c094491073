import type { Recovery } from '../../deploy.ts';
import { ageOf } from './age.ts';

/** What a recovery brings back and what it cannot, for the person who has to say yes. */
export function recoveryLines(into: string, recovery: Recovery, now: Date): readonly string[] {
  const { source, release, backup, at, damaged = [], secrets = [], leftOut = [] } = recovery;
  const whose = source === into ? into : `${source} into ${into}`;
  return [
    `recover   ${whose}, release ${release.id}`,
    ...damaged.map((id) => `damaged   backup ${id} is skipped`),
    ...(backup && at ? [`backup    ${backup.object.split('/')[1]}, made ${at}`] : []),
    `data loss ${loss(recovery, now)}`,
    ...leftOut.map((line) => `not in it ${line}`),
    ...secrets.map((line) => `secrets   ${line}`),
  ];
}

function loss({ database, at }: Recovery, now: Date): string {
  if (database === 'keep') return 'none: the database exists and is kept';
  if (database === 'empty' || at === null) return 'ALL DATA: there is no complete backup';
  const age = ageOf(now.getTime() - Date.parse(at));
  return `everything written in the last ${age}, since the backup was made`;
}
