import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../setup/process.ts';

/** A service whose revisions are plain SQL, as a release lays them out; `write` adds files. */
export async function sqlFiles(service: string, files: Readonly<Record<string, string>>) {
  const folder = join(await temporaryFolder('sql'), service);
  await mkdir(join(folder, 'sql'), { recursive: true });
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, 'sql', name)), { recursive: true });
    await writeFile(join(folder, 'sql', name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const remove = () => rm(join(folder, '..'), { recursive: true, force: true });
  return { folders: { [service]: folder }, write, remove };
}
