import { Failure } from '../failure.ts';

const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_COMPILE_CACHE', // of the supervisor
] as const;

const endpointKey =
  /^(GOOGLE_[A-Z0-9_]+|TF_REATTACH_PROVIDERS|TF_CLI_CONFIG_FILE|TF_PLUGIN_CACHE_DIR)$/;

/**
 * The whole environment of a Terraform process, built from an allow-list: an inherited
 * `TF_CLI_ARGS_apply` or `TF_VAR_x` would change a plan behind the gate's back.
 * Throws a Failure for an endpoint variable that is not Google's or Terraform's own.
 */
export function terraformEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  dataDir: string,
  endpoints: Readonly<Record<string, string>>,
  run?: string,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const key of inherited) {
    const value = parent[key];
    if (value !== undefined) env[key] = value;
  }
  for (const [key, value] of Object.entries(endpoints)) {
    if (!endpointKey.test(key)) throw refused(key);
    env[key] = value;
  }
  return {
    ...env,
    TF_DATA_DIR: dataDir,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // Google's audit log then says which run a call of the provider belongs to.
    ...(run !== undefined && { TF_APPEND_USER_AGENT: `windlass/${run}` }),
  };
}

function refused(key: string): Failure {
  return new Failure({
    code: 'TERRAFORM_ENV_REFUSED',
    what: `${key} cannot be passed to Terraform`,
    why: 'Only GOOGLE_*, TF_REATTACH_PROVIDERS, TF_CLI_CONFIG_FILE and TF_PLUGIN_CACHE_DIR may differ between environments.',
    fix: 'Remove it from the endpoints.',
  });
}
