import { invalid } from '../http.ts';

const BREAK = Buffer.from('\r\n\r\n');

/** The two parts of a multipart/related body (RFC 2387): JSON metadata, then the media. */
export interface Related {
  readonly metadata: unknown;
  readonly media: Buffer;
  readonly mediaType: string;
}

/** Splits the body at the boundary named in its content type; 400 where it has not two parts. */
export function splitRelated(contentType: string, body: Buffer): Related {
  const boundary = /boundary=["']?([^"';]+)/i.exec(contentType)?.[1]?.trim();
  if (boundary === undefined) throw invalid('The multipart boundary is missing.');
  const [first, second] = partsOf(body, Buffer.from(`--${boundary}`));
  if (first === undefined || second === undefined) {
    throw invalid('A multipart upload needs metadata and media.');
  }
  const head = second.subarray(0, second.indexOf(BREAK)).toString('latin1');
  const mediaType = /^content-type:\s*(\S.*)$/im.exec(head)?.[1]?.trim();
  return {
    metadata: JSON.parse(contentOf(first).toString('utf8') || '{}'),
    media: contentOf(second),
    mediaType: mediaType ?? 'application/octet-stream',
  };
}

function partsOf(body: Buffer, delimiter: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let start = body.indexOf(delimiter);
  while (start !== -1) {
    const from = start + delimiter.length;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), from);
    if (next === -1) break;
    parts.push(body.subarray(from, next));
    start = next + 2;
  }
  return parts;
}

function contentOf(part: Buffer): Buffer {
  const at = part.indexOf(BREAK);
  return at === -1 ? Buffer.alloc(0) : part.subarray(at + BREAK.length);
}
