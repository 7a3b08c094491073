/** One stack at work: the binary, the folder of its HCL, its own data folder, its environment. */
export interface TerraformPlace {
  /** Terraform, or OpenTofu. */
  readonly binary: string;
  /** Folder of the stack; Terraform runs in it and leaves `errored.tfstate` there. */
  readonly stackDir: string;
  /** From `terraformEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
}
