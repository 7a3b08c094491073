import type { Site } from '../site.ts';
import { unsealBytes } from './seal-bytes.ts';

/** The text of a state's copy; copies without a key's id were made before they were encrypted. */
export async function openState(
  site: Site,
  content: Buffer,
  about: { readonly object: string; readonly keyId?: string | undefined },
): Promise<Buffer> {
  if (about.keyId === undefined) return content;
  return unsealBytes(content, await site.backupKeys.byId(about.keyId), about.object);
}
