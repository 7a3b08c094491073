import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { preflight } from '../../doctor/preflight.ts';
import { projectPlace } from '../../place.ts';
import {
  lockFileName,
  lockFileOf,
  lockFileText,
  readProvidersLock,
} from '../../providers/lock-file.ts';
import { lockProviders, platforms } from '../../providers/lock-providers.ts';
import { answer } from '../output/say.ts';

/** `windlass lock`: writes which build of each Terraform provider may run; the cloud asks for it. */
export function lockCommand() {
  return new Command('lock')
    .description('write the checksums of the Terraform providers')
    .option('--mirror <folder>', 'take the providers from a folder that mirrors the registry')
    .option('--upgrade', 'take the newest versions that are allowed, not those locked before')
    .action(async ({ mirror, upgrade }) => {
      await preflight();
      const { root } = projectPlace();
      const before = upgrade ? undefined : await lockFileText(root);
      if (before !== undefined) readProvidersLock(before); // a broken one is told before anything is fetched
      const from = mirror === undefined ? undefined : resolve(mirror);
      const text = await lockProviders({ mirror: from, before });
      for (const { source, version, hashes } of readProvidersLock(text))
        answer(`${source} ${version}, ${hashes.length} checksums for ${platforms.join(', ')}`);
      if (text === before) return answer(`${lockFileName} is up to date.`);
      await writeFile(lockFileOf(root), text);
      answer(`${lockFileName} is written; commit it. The next release holds it.`);
    });
}
