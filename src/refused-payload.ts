/** Not encrypted though there is a key; or encrypted, and not by who holds the key. */
export type RefusedCode = 'PAYLOAD_NOT_ENCRYPTED' | 'PAYLOAD_UNREADABLE';

/**
 * Why a value stands for a payload that was refused (a worker’s codec writes it there as
 * `windlassRefused`); undefined for every other value.
 */
export function refusedCode(value: unknown): RefusedCode | undefined {
  if (typeof value !== 'object' || value === null || !('windlassRefused' in value))
    return undefined;
  return value.windlassRefused === 'PAYLOAD_UNREADABLE'
    ? 'PAYLOAD_UNREADABLE'
    : 'PAYLOAD_NOT_ENCRYPTED';
}

/** The words to each code. */
export const refusedTexts: Readonly<
  Record<RefusedCode, { readonly what: string; readonly why: string; readonly fix: string }>
> = {
  PAYLOAD_NOT_ENCRYPTED: {
    what: 'An unencrypted payload was rejected',
    why: 'this worker has a codec key, so every client must encrypt with that key',
    fix: 'Set WINDLASS_CODEC_KEY_FILE where it came from. A run that began before there was a key: docs/trust.md.',
  },
  PAYLOAD_UNREADABLE: {
    what: 'A payload was rejected that was not encrypted with the codec key',
    why: 'it names that key, but its authentication tag is invalid: it was created or changed without the key',
    fix: 'Find out who sends to this Temporal: docs/trust.md.',
  },
};
