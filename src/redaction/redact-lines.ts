import { Transform } from 'node:stream';
import { redacted } from './redacted.ts';

/** A line that is longer goes on in parts: a stream without a line end must not fill the memory. */
const longest = 64 * 1024; // characters
/** What of a long line is held back, as a secret may stand across the cut. */
const heldBack = 8 * 1024;

/**
 * A stream without the secrets of the one that goes in, wherever that was cut into chunks: whole
 * lines are redacted, and a private key over several of them is one mark.
 */
export function redactLines(): Transform {
  const decoder = new TextDecoder();
  let rest = '';
  let inKey = false;
  const line = (text: string): string => {
    if (inKey) {
      inKey = !/-----END [A-Z0-9 ]*PRIVATE KEY/.test(text);
      return '';
    }
    inKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?![\s\S]*-----END)/.test(text);
    return redacted(text) + (text.endsWith('\n') && inKey ? '\n' : '');
  };
  const ready = (): string => {
    const lines = rest.split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    const out = lines.map(line).join('');
    if (rest.length <= longest) return out;
    const whole = redacted(rest);
    rest = whole.slice(-heldBack);
    return out + whole.slice(0, -heldBack);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rest += decoder.decode(chunk, { stream: true });
      done(null, ready());
    },
    flush(done) {
      done(null, inKey ? '' : redacted(rest));
    },
  });
}
