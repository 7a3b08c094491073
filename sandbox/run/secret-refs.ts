import { GoogleError } from '../google/http.ts';
import { accessSecretVersion } from '../google/secret-manager.ts';
import type { World } from '../world.ts';
import { ingressContainer, type Template, type Volume } from './template.ts';

/** A secret version that a revision reads, and where its template says so. */
export interface SecretRef {
  readonly place: string;
  readonly version: string;
}

/** A file of a secret volume. */
export interface SecretFile extends SecretRef {
  readonly volume: string;
  readonly path: string;
  readonly mode: number;
}

/** An environment variable that takes its value from a secret. */
export interface SecretVariable extends SecretRef {
  readonly variable: string;
}

const READABLE = 0o444; // Cloud Run's default mode of a secret's file

/** The files of all secret volumes of a template. */
export function secretFiles(template: Template, project: string): readonly SecretFile[] {
  return (template.volumes ?? []).flatMap((volume, index) => filesOf(volume, index, project));
}

/** The secret environment variables of the container that gets the requests. */
export function secretVariables(template: Template, project: string): readonly SecretVariable[] {
  const container = ingressContainer(template);
  const at = template.containers.indexOf(container);
  return (container.env ?? []).flatMap(({ name, valueSource }, index) => {
    const key = valueSource?.secretKeyRef;
    if (key === undefined) return [];
    const place = `spec.template.spec.containers[${at}].env[${index}].value_from.secret_key_ref.name`;
    return [{ variable: name, place, version: versionName(project, key.secret, key.version) }];
  });
}

/** The value as the revision's account may read it; all refusals in Cloud Run's words. */
export function readSecret(world: World, ref: SecretRef, account: string): Buffer {
  try {
    return accessSecretVersion(world, `serviceAccount:${account}`, ref.version);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    throw new GoogleError(error.status, `${ref.place}: ${refusal(error, ref.version, account)}`);
  }
}

function refusal(error: GoogleError, version: string, account: string): string {
  if (error.status === 'NOT_FOUND') return `Secret ${version} was not found`;
  if (error.status !== 'PERMISSION_DENIED') return error.message;
  return (
    `Permission denied on secret: ${version} for Revision service account ${account}. ` +
    "The service account used must be granted the 'Secret Manager Secret Accessor' role " +
    '(roles/secretmanager.secretAccessor) at the secret, project or higher level.'
  );
}

function filesOf(volume: Volume, index: number, project: string): readonly SecretFile[] {
  const { name, secret } = volume;
  if (secret === undefined) return [];
  const items = secret.items ?? [{ path: idOf(secret.secret) }];
  return items.map(({ path, version, mode }) => ({
    volume: name,
    path,
    mode: mode ?? secret.defaultMode ?? READABLE,
    place: `spec.template.spec.volumes[${index}].secret`,
    version: versionName(project, secret.secret, version),
  }));
}

const idOf = (secret: string): string => secret.slice(secret.lastIndexOf('/') + 1);

function versionName(project: string, secret: string, version = 'latest'): string {
  const name = secret.startsWith('projects/') ? secret : `projects/${project}/secrets/${secret}`;
  return `${name}/versions/${version}`;
}
