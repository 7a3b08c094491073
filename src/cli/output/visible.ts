/**
 * A text as a terminal may get it: what would move the cursor, rename the window or turn the writing
 * round is written out (`\x1b`, `\u202e`), for names and reasons may come from anybody. Line breaks,
 * tabs and our own three colours stay.
 */
export function visible(text: string): string {
  return text.replaceAll(unsafe, (found) => (own.test(found) ? found : writtenOut(found)));
}

// Our colours whole, or one control character (C0, DEL, C1), or one that changes the direction.
const unsafe =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /\u001b\[3(?:[123]|9)m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
// oxlint-disable-next-line no-control-regex -- the same
const own = /^\u001b\[/;

function writtenOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
