/** The program that is run as Terraform. */
export function terraformBinary(): string {
  return process.env['WINDLASS_TERRAFORM'] ?? 'terraform';
}

/** The user's own configuration of Terraform, where the environment names one: mirrors stand in it. */
export function ownConfiguration(): Readonly<Record<string, string>> {
  const file = process.env['TF_CLI_CONFIG_FILE'];
  return file === undefined ? {} : { TF_CLI_CONFIG_FILE: file };
}
