/** Whether an object of the state bucket is one that Windlass or its Terraform writes. */
export function isStateObject(name: string): boolean {
  return /^(10-foundation|20-services[a-z0-9-]*)\/default\.(tfstate|tflock)$|^trust\//.test(name);
}

/** Whether an object of the release bucket is one that Windlass writes. */
export function isReleaseObject(name: string): boolean {
  return folders.has(name.slice(0, name.indexOf('/') + 1)) || files.has(name);
}

const folders: ReadonlySet<string> = new Set([
  ...['backups/', 'blobs/', 'builds/', 'cloud-builds/', 'configurations/', 'images/'],
  ...['ledger/', 'plans/', 'rehearsals/', 'releases/', 'smoke/', 'trust/', 'workflows/'],
]);

const files: ReadonlySet<string> = new Set([
  ...['budget-told.json', 'drill.json', 'environment.json', 'supabase-project.json'],
]);
