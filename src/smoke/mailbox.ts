import type { Site } from '../site.ts';

/**
 * Where mails to the people of smoke tests go: what windlass.yaml states, else an address of the
 * site's own domain, which Auth takes and which nobody writes to.
 */
export function mailboxOf({ environment }: Pick<Site, 'environment'>): string {
  const { smokeAddress, supabase } = environment;
  return smokeAddress ?? `smoke@${new URL(supabase.settings.site_url).hostname}`;
}

/** An address of that mailbox for one person, whom nobody else is (`smoke+NAME@…`). */
export function addressAt(mailbox: string, name: string): string {
  return mailbox.replace('@', `+${name}@`);
}
