import type { Site } from '../site.ts';
import { readSettings } from '../supabase/auth-settings.ts';
import { findProject } from '../supabase/project.ts';

/**
 * What an environment that asks for confirmed addresses and has no mail server must know, a line
 * each: Supabase's own mailer writes to the organization's members alone.
 */
export async function withoutMail(site: Site): Promise<readonly string[]> {
  const { settings, organization, project: name } = site.environment.supabase;
  if (settings.mailer_autoconfirm || settings.smtp_host !== undefined) return [];
  const project = await findProject(site.supabase, { name, organization });
  if (project?.status === 'ACTIVE_HEALTHY') {
    const { ref } = project;
    const { smtp_host: host } = await readSettings(site.supabase, { ref, fields: ['smtp_host'] });
    if (host) return [];
  }
  return [
    `addresses must be confirmed, and no mail server is stated: Supabase’s own sends 2 mails an hour, to members of ${organization} alone`,
    'state smtp_host, smtp_port, smtp_user, smtp_admin_email and smtp_sender_name under `settings`, and `smtpPasswordFile`',
  ];
}
