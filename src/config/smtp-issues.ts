import type { Issue } from './issue.ts';
import type { SupabaseSettings } from './environment.ts';

interface Mailed {
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly supabase: {
          readonly settings: SupabaseSettings;
          readonly smtpPasswordFile?: string | undefined;
        };
      }
    >
  >;
}

const together = ['smtp_host', 'smtp_port', 'smtp_admin_email', 'smtp_sender_name'] as const;

/** Mail servers that are stated by half: Auth would go on with Supabase's own mailer. */
export function smtpIssues({ environments }: Mailed): readonly Issue[] {
  return Object.entries(environments).flatMap(([name, { supabase }]) => {
    const { settings, smtpPasswordFile: file } = supabase;
    const path = ['environments', name, 'supabase'];
    const stated = Object.keys(settings).some((field) => field.startsWith('smtp_'));
    const missing = together.filter((field) => settings[field] === undefined);
    const half = stated || file !== undefined ? missing : [];
    return [
      ...half.map((field) => ({
        path: [...path, 'settings', field],
        message: 'is missing beside what is stated of the mail server',
        fix: `Write all of ${together.join(', ')}, or none.`,
      })),
      ...(file !== undefined && settings.smtp_user === undefined ? [nobody(path)] : []),
    ];
  });
}

function nobody(path: readonly string[]): Issue {
  const message = 'is missing, though `smtpPasswordFile` states a password';
  const fix = 'Write the user that the password belongs to.';
  return { path: [...path, 'settings', 'smtp_user'], message, fix };
}
