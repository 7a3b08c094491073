const secretName = /SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL/i;
const secretValue = /^(sk_|sbp_|ghp_|eyJ|AIza|-----BEGIN)|:\/\/[^/\s:]+:[^@\s]+@/;

/** Whether a variable is a secret by its name or by the form of its value. */
export function looksSecret(name: string, value: string): boolean {
  return secretName.test(name) || secretValue.test(value);
}

/** Whether a word of a command line is one, such as `--password=x`; the path of a file is none. */
export function looksSecretWord(word: string): boolean {
  const [, option = '', value = ''] = /^-*([\w-]+)=(.*)$/.exec(word) ?? [];
  if (secretValue.test(word) || secretValue.test(value)) return true;
  return value !== '' && !value.startsWith('/') && secretName.test(option);
}
