import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { unprivilegedBare } from '../run-as.ts';

/** Gives a file or folder to the user under whom Postgres runs; nothing to do where that is us. */
export function giveAway(path: string): void {
  if (process.getuid?.() !== 0) return;
  owner ??= { uid: ask('-u'), gid: ask('-g') };
  chownSync(path, owner.uid, owner.gid);
}

let owner: { readonly uid: number; readonly gid: number } | undefined;

function ask(flag: string): number {
  const { file, args } = unprivilegedBare('id', [flag]);
  return Number(execFileSync(file, [...args], { cwd: '/' }));
}
