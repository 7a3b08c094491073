import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../failure.ts';

const most = 65_536; // bytes of a version in Secret Manager

/**
 * A secret value from a stream. A line end after a single line is taken for the editor's; what has
 * several lines, such as a key in PEM form, stays as it is.
 */
export async function readValue(
  stream: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean },
): Promise<Buffer> {
  if (stream.isTTY) throw wrong('standard input is empty');
  const value = withoutLineEnd(await buffer(stream));
  if (value.length === 0) throw wrong('the value on standard input is empty');
  if (!isUtf8(value)) throw wrong('it is not UTF-8 text: encode it, for example with `base64`');
  if (value.length > most)
    throw wrong(`it has ${value.length} bytes, and Secret Manager takes ${most}`);
  return value;
}

function withoutLineEnd(value: Buffer): Buffer {
  const first = value.indexOf('\n');
  if (first === -1 || first !== value.length - 1) return value;
  return value.subarray(0, value[first - 1] === carriageReturn ? first - 1 : first);
}

const carriageReturn = 0x0d;

function wrong(why: string): Failure {
  return new Failure({
    code: 'USAGE',
    what: 'No value for the secret',
    why,
    fix: 'Write it into a file that only you can read, and give that: `windlass secrets set SERVICE/NAME -e NAME < FILE`.',
  });
}
