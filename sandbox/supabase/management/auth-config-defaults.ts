import type { Settings } from '../record.ts';
import { flags, numbers, texts } from './auth-config-fields.ts';

/** The settings of a new project, every field of the answer present. */
export function defaultAuthConfig(): Settings {
  return {
    ...Object.fromEntries(Object.keys(flags).map((name) => [name, false])),
    ...Object.fromEntries(Object.keys(texts).map((name) => [name, null])),
    ...Object.fromEntries(Object.keys(numbers).map((name) => [name, null])),
    ...knownDefaults,
  };
}

const knownDefaults: Settings = {
  custom_oauth_max_providers: 0,
  db_max_pool_size_unit: 'connections',
  external_email_enabled: true,
  jwt_exp: 3600,
  mailer_otp_exp: 3600,
  mailer_otp_length: 6,
  mailer_secure_email_change_enabled: true,
  mfa_max_enrolled_factors: 10,
  mfa_phone_max_frequency: 5,
  mfa_phone_otp_length: 6,
  mfa_totp_enroll_enabled: true,
  mfa_totp_verify_enabled: true,
  nimbus_oauth_email_optional: null,
  password_min_length: 6,
  password_required_characters: '',
  rate_limit_anonymous_users: 30,
  rate_limit_email_sent: 2,
  rate_limit_otp: 30,
  rate_limit_sms_sent: 30,
  rate_limit_token_refresh: 150,
  rate_limit_verify: 30,
  rate_limit_web3: 30,
  refresh_token_rotation_enabled: true,
  saml_allow_encrypted_assertions: null,
  security_refresh_token_reuse_interval: 10,
  site_url: 'http://localhost:3000',
  sms_max_frequency: 5,
  sms_otp_exp: 60,
  sms_otp_length: 6,
  smtp_max_frequency: 60,
  uri_allow_list: '',
};
