import type { Recovery } from '../../deploy.ts';

/** What a recovery brings back and what it cannot, for the person who has to say yes. */
export function recoveryLines(into: string, recovery: Recovery, now: Date): readonly string[] {
  const { source, release, backup, at, damaged = [] } = recovery;
  const whose = source === into ? into : `${source} into ${into}`;
  return [
    `recover   ${whose}, release ${release.id}`,
    ...damaged.map((id) => `damaged   backup ${id} is passed over`),
    ...(backup && at ? [`backup    ${backup.object.split('/')[1]}, made ${at}`] : []),
    `data loss ${loss(recovery, now)}`,
  ];
}

function loss({ database, at }: Recovery, now: Date): string {
  if (database === 'keep') return 'none: the database is there and is kept';
  if (database === 'empty' || at === null) return 'ALL DATA: there is no whole backup of it';
  const age = ageOf(now.getTime() - Date.parse(at));
  return `everything written in the last ${age}, since the backup was made`;
}

/** A span of milliseconds in words: two units at most. */
export function ageOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
