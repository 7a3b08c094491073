/** Something wrong in windlass.yaml: where it stands, why it cannot be, and what to write instead. */
export interface Issue {
  readonly path: readonly string[];
  readonly message: string;
  readonly fix?: string | undefined;
}
