import { GoogleError } from '../http.ts';

/** What a precondition is held against; an absent object has generation 0. */
export interface Numbers {
  readonly generation: number;
  readonly metageneration: number;
}

type Kind = 'read' | 'write';

const absent: Numbers = { generation: 0, metageneration: 0 };

/**
 * Throws 412 (or, when a read asks for a change that did not happen, 304) unless every precondition
 * of the query holds. `prefix` is `Source` for the source side of a copy.
 */
export function checkPreconditions(
  query: URLSearchParams,
  found: Numbers | undefined,
  kind: Kind,
  prefix: '' | 'Source' = '',
): void {
  const { generation, metageneration } = found ?? absent;
  const asked = (name: string): number | undefined => number(query, `if${prefix}${name}`);
  mustEqual(asked('GenerationMatch'), generation);
  mustEqual(asked('MetagenerationMatch'), metageneration);
  mustDiffer(asked('GenerationNotMatch'), generation, kind);
  mustDiffer(asked('MetagenerationNotMatch'), metageneration, kind);
}

/** The XML API carries the same preconditions in headers. */
export function headerPreconditions(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): URLSearchParams {
  const query = new URLSearchParams();
  const generation = headers['x-goog-if-generation-match'];
  const metageneration = headers['x-goog-if-metageneration-match'];
  if (typeof generation === 'string') query.set('ifGenerationMatch', generation);
  if (typeof metageneration === 'string') query.set('ifMetagenerationMatch', metageneration);
  return query;
}

/** An integer of the query; undefined where it is absent, 400 where it is not a number. */
export function number(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new GoogleError('INVALID_ARGUMENT', `Invalid value for ${name}: ${text}`, {
    reason: 'invalid',
  });
}

function mustEqual(wanted: number | undefined, actual: number): void {
  if (wanted !== undefined && wanted !== actual) throw notMet();
}

function mustDiffer(unwanted: number | undefined, actual: number, kind: Kind): void {
  if (unwanted === undefined || unwanted !== actual) return;
  throw kind === 'write' ? notMet() : notModified();
}

function notMet(): GoogleError {
  return new GoogleError(
    'FAILED_PRECONDITION',
    'At least one of the pre-conditions you specified did not hold.',
    { code: 412, reason: 'conditionNotMet' },
  );
}

/** `If-Match` and `If-None-Match` of the JSON API, against an etag; undefined = no such object. */
export function checkEtags(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  etag: string | undefined,
  kind: Kind,
): void {
  const { 'if-match': wanted, 'if-none-match': unwanted } = headers;
  if (typeof wanted === 'string' && !names(wanted, etag)) throw notMet();
  if (typeof unwanted !== 'string' || !names(unwanted, etag)) return;
  throw kind === 'write' ? notMet() : notModified();
}

function names(header: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  const bare = header.split(',').map((one) => one.trim().replaceAll(/^(W\/)?"|"$/g, ''));
  return bare.includes('*') || bare.includes(etag);
}

const notModified = (): GoogleError =>
  new GoogleError('FAILED_PRECONDITION', 'Not modified', { code: 304, reason: 'notModified' });
