import { readFile, stat } from 'node:fs/promises';

/** Names that hold keys, tokens and passwords by custom. */
const byName: readonly RegExp[] = [
  /^\.env(\..+)?$/i,
  /\.env$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /\.(p12|pfx|jks|keystore|kdbx|ppk|tfstate|tfvars)$/i,
  /\.tfstate\.backup$/i,
  /^\.(netrc|pgpass|pypirc|npmrc|yarnrc|git-credentials|htpasswd|dockercfg|my\.cnf|vault-token)$/,
  /^(client_secret.*|credentials|application_default_credentials|service[-_]?account.*)\.json$/i,
  /^secrets?\.(ya?ml|json|toml|ini)$/i,
];

/** Folders of the same kind, at whatever depth. */
const folders = new Set(['.ssh', '.aws', '.gnupg', '.kube', '.azure', '.gcloud', '.docker']);

/** Names that are meant to be shown to everybody. */
const harmless = /^\.env\.(example|sample|template|dist|defaults?|schema)$/i;

/** Files that could hold a key, but may as well hold what everybody may see. */
const byContent = /\.(pem|key|crt|cer|der|json|pub|asc)$/i;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----|"private_key"\s*:\s*"-----BEGIN/;

/** Whether a file of a build context looks like a secret: by its name, or by the key that it holds. */
export async function looksSecret(file: string, path: string): Promise<boolean> {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (harmless.test(name)) return false;
  if (parts.some((part) => folders.has(part))) return true;
  if (byName.some((pattern) => pattern.test(name))) return true;
  if (!byContent.test(name) && name.includes('.')) return false;
  return holdsKey(file);
}

/** Keys are small; a large file is no key. */
const largest = 64 * 1024;

async function holdsKey(file: string): Promise<boolean> {
  const { size } = await stat(file);
  return size <= largest && privateKey.test(await readFile(file, 'latin1'));
}
