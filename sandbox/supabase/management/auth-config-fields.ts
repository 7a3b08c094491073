import { z } from 'zod';

type Field = z.ZodType<string | number | boolean | null>;
type Fields = Readonly<Record<string, Field>>;

const flag = z.boolean().nullable();
const text = z.string().nullable();
const MAX_INT = 2_147_483_647;
const MAX_SMALL = 32_767;
const whole = (min: number, max: number): Field => z.int().min(min).max(max).nullable();
const each = (names: string, field: Field): Fields =>
  Object.fromEntries(names.split(' ').map((name) => [name, field]));

const letters = 'abcdefghijklmnopqrstuvwxyz';
const symbols = '!@#$%^&*()_+-=[]{};\'\\\\:"|<>?,./`~';
const requiredCharacters = [
  '',
  `${letters}${letters.toUpperCase()}:0123456789`,
  `${letters}:${letters.toUpperCase()}:0123456789`,
  `${letters}:${letters.toUpperCase()}:0123456789:${symbols}`,
];

const providers =
  'apple azure bitbucket discord facebook figma github gitlab google kakao keycloak ' +
  'linkedin_oidc notion slack slack_oidc spotify twitch twitter workos x zoom';
const hooks =
  'after_user_created before_user_created custom_access_token mfa_verification_attempt ' +
  'password_verification_attempt send_email send_sms';
const mails = 'confirmation email_change invite magic_link reauthentication recovery';
const notices =
  'email_changed identity_linked identity_unlinked mfa_factor_enrolled mfa_factor_unenrolled ' +
  'password_changed phone_changed';
const suffixed = (names: string, prefix: string, suffix: string): string =>
  names
    .split(' ')
    .map((name) => `${prefix}${name}${suffix}`)
    .join(' ');

/** The yes-or-no fields of `config/auth`. */
export const flags: Fields = {
  ...each(suffixed(providers, 'external_', '_enabled'), flag),
  ...each(suffixed(providers.replace('workos ', ''), 'external_', '_email_optional'), flag),
  ...each(suffixed(hooks, 'hook_', '_enabled'), flag),
  ...each(suffixed(notices, 'mailer_notifications_', '_enabled'), flag),
  ...each('external_anonymous_users_enabled external_email_enabled external_phone_enabled', flag),
  ...each('external_web3_ethereum_enabled external_web3_solana_enabled', flag),
  ...each('external_google_skip_nonce_check disable_signup mailer_autoconfirm', flag),
  ...each('mailer_allow_unverified_email_sign_ins mailer_secure_email_change_enabled', flag),
  ...each('mfa_phone_enroll_enabled mfa_phone_verify_enabled mfa_totp_enroll_enabled', flag),
  ...each(
    'mfa_totp_verify_enabled mfa_web_authn_enroll_enabled mfa_web_authn_verify_enabled',
    flag,
  ),
  ...each('oauth_server_allow_dynamic_registration oauth_server_enabled', flag),
  ...each('password_hibp_enabled refresh_token_rotation_enabled saml_enabled', flag),
  ...each('security_captcha_enabled security_manual_linking_enabled', flag),
  ...each('security_sb_forwarded_for_enabled sessions_single_per_user sms_autoconfirm', flag),
  ...each('security_update_password_require_reauthentication', flag),
  ...each('custom_oauth_enabled passkey_enabled', z.boolean()),
};

/** The text fields of `config/auth`. */
export const texts: Fields = {
  ...each(suffixed(providers, 'external_', '_client_id'), text),
  ...each(suffixed(providers, 'external_', '_secret'), text),
  ...each(suffixed('azure gitlab keycloak workos', 'external_', '_url'), text),
  ...each(suffixed('apple google', 'external_', '_additional_client_ids'), text),
  ...each(suffixed(hooks, 'hook_', '_secrets'), text),
  ...each(suffixed(hooks, 'hook_', '_uri'), text),
  ...each(suffixed(mails, 'mailer_subjects_', ''), text),
  ...each(suffixed(notices, 'mailer_subjects_', '_notification'), text),
  ...each(suffixed(mails, 'mailer_templates_', '_content'), text),
  ...each(suffixed(notices, 'mailer_templates_', '_notification_content'), text),
  ...each('mfa_phone_template nimbus_oauth_client_id nimbus_oauth_client_secret', text),
  ...each('oauth_server_authorization_path security_captcha_secret sms_template', text),
  ...each('sms_messagebird_access_key sms_messagebird_originator sms_textlocal_api_key', text),
  ...each('sms_textlocal_sender sms_twilio_account_sid sms_twilio_auth_token', text),
  ...each('sms_twilio_content_sid sms_twilio_message_service_sid', text),
  ...each('sms_twilio_verify_account_sid sms_twilio_verify_auth_token', text),
  ...each('sms_twilio_verify_message_service_sid sms_vonage_api_key sms_vonage_api_secret', text),
  ...each('sms_vonage_from smtp_host smtp_pass smtp_port smtp_sender_name smtp_user', text),
  ...each('uri_allow_list webauthn_rp_display_name webauthn_rp_id webauthn_rp_origins', text),
  ...each(
    'saml_external_url site_url',
    z
      .string()
      .regex(/^[^,]+$/, 'must not hold a comma')
      .nullable(),
  ),
  sms_test_otp: z
    .string()
    .regex(/^(\d{1,15}=\d+,?)*$/)
    .nullable(),
  sms_test_otp_valid_until: z.iso.datetime().nullable(),
  smtp_admin_email: z.email().nullable(),
  sessions_tags: z
    .string()
    .regex(/^[\w\s,-]*$/)
    .nullable(),
  password_required_characters: z.enum(requiredCharacters).nullable(),
  security_captcha_provider: z.enum(['turnstile', 'hcaptcha']).nullable(),
  db_max_pool_size_unit: z.enum(['connections', 'percent']).nullable(),
  sms_provider: z
    .enum(['messagebird', 'textlocal', 'twilio', 'twilio_verify', 'vonage'])
    .nullable(),
};

/** The number fields of `config/auth`. */
export const numbers: Fields = {
  ...each('api_max_request_duration db_max_pool_size', z.int().nullable()),
  ...each('rate_limit_anonymous_users rate_limit_email_sent rate_limit_otp', whole(1, MAX_INT)),
  ...each('rate_limit_sms_sent rate_limit_token_refresh rate_limit_verify', whole(1, MAX_INT)),
  ...each('rate_limit_web3', whole(1, MAX_INT)),
  ...each('mfa_max_enrolled_factors security_refresh_token_reuse_interval', whole(0, MAX_INT)),
  ...each('mfa_phone_max_frequency sms_max_frequency smtp_max_frequency', whole(0, MAX_SMALL)),
  ...each('sms_otp_length mfa_phone_otp_length', z.int().min(0).max(MAX_SMALL)),
  ...each('sessions_inactivity_timeout sessions_timebox', z.number().min(0).nullable()),
  jwt_exp: whole(0, 604_800),
  mailer_otp_exp: z.int().min(0).max(MAX_INT),
  mailer_otp_length: whole(6, 10),
  password_min_length: whole(6, MAX_SMALL),
  sms_otp_exp: whole(0, MAX_INT),
};

/** The body of `PATCH config/auth`: every field is optional, an unknown one is refused. */
export const AuthConfigChange = z.strictObject({ ...flags, ...texts, ...numbers }).partial();
