/** Where Supabase is reached and by whom; `projectUrl` resolves a project's own address by its ref. */
export interface SupabaseAccess {
  readonly api: string;
  readonly token: () => Promise<string>;
  readonly projectUrl: (ref: string) => Promise<string>;
  /** File with the authority that the databases' certificates are verified by. */
  readonly databaseCa?: string | undefined;
}

/** Option of everything that waits; an abort ends the wait with the signal's own reason. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
}

/** Access to Supabase's own platform with an access token. */
export function cloudSupabase(token: () => Promise<string>, databaseCa?: string): SupabaseAccess {
  return {
    databaseCa,
    api: 'https://api.supabase.com',
    token,
    projectUrl: async (ref) => `https://${ref}.supabase.co`,
  };
}
