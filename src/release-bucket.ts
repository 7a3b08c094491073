/** The bucket of an environment's releases, ledger and backups. */
export function releaseBucketOf(environment: {
  readonly project: string;
  readonly backup?: { readonly bucket?: string | undefined } | undefined;
}): string {
  return environment.backup?.bucket ?? `${environment.project}-releases`;
}
