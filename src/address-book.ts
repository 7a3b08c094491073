import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readStored } from './stored-json.ts';

const url = z.url();

/** Where one sandbox listens and what its doors accept; `$WINDLASS_HOME/sandbox.json`. */
export const AddressBook = z.object({
  version: z.literal(1),
  google: url.describe('every Google face, at its root'),
  googleToken: z.string().describe('the bearer token of the owner of all sandbox projects'),
  supabase: url.describe('the Supabase Management API'),
  supabaseToken: z.string(),
  databaseCa: z
    .string()
    .optional()
    .describe('file of the authority that signs the certificates of the databases'),
  temporal: z.object({ address: z.string(), ui: url, namespace: z.string() }),
  reattach: z.string().describe('the value of TF_REATTACH_PROVIDERS'),
});
export type AddressBook = z.infer<typeof AddressBook>;

/** The home of the sandbox: another's where `WINDLASS_SANDBOX_HOME` names it, so that two share a cloud. */
export function sandboxHome(home: string): string {
  return resolve(process.env['WINDLASS_SANDBOX_HOME'] ?? home);
}

/** The sandbox's address book, or undefined where no sandbox was ever started. */
export async function readAddressBook(home: string): Promise<AddressBook | undefined> {
  const text = await readFile(join(sandboxHome(home), 'sandbox.json'), 'utf8').catch(
    () => undefined,
  );
  if (text === undefined) return undefined;
  const what = 'The sandbox’s address book';
  const where = '.windlass/sandbox.json';
  const fix = 'Run `windlass sandbox down`, delete that file, then run the command again.';
  return readStored(text, { schema: AddressBook, what, where, fix });
}
