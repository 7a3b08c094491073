import type { AuthSettings } from './face.ts';

/** The answer of `GET /settings`: what a sign-in form has to know. */
export function publicSettings(settings: AuthSettings): Record<string, unknown> {
  return {
    external: { email: settings.external_email_enabled ?? true, phone: false },
    disable_signup: settings.disable_signup ?? false,
    mailer_autoconfirm: settings.mailer_autoconfirm ?? false,
    phone_autoconfirm: false,
    sms_provider: '',
    saml_enabled: false,
  };
}
