import type { LoadedDataConverter, Payload } from '@temporalio/common';

/** Details as they were before they travelled; none where they cannot be read. */
export async function detailsOf(
  payloads: readonly Payload[] | null | undefined,
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
): Promise<unknown[]> {
  try {
    let clear = [...(payloads ?? [])];
    for (const codec of payloadCodecs.toReversed()) clear = await codec.decode(clear);
    return clear.map((payload) => payloadConverter.fromPayload<unknown>(payload));
  } catch {
    return [];
  }
}
