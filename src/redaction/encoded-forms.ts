/** Characters below which a text is too short to be looked for: it would be found everywhere. */
export const shortest = 8;

/** Every form in which a text may come back out of a program that was given it. */
export function encodedForms(text: string): readonly string[] {
  const texts = [...new Set([...urlForms(text), ...quotedForms(text), ...markupForms(text)])];
  // A whole JSON of many secrets may come by in base64: each form is looked for in there as well.
  return [...texts, ...texts.flatMap((one) => bytesForms(Buffer.from(one)))];
}

function urlForms(text: string): readonly string[] {
  const url = encodeURIComponent(text);
  const strict = url.replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  const plus = [url, strict].map((one) => one.replaceAll('%20', '+'));
  return [url, strict, strict.toLowerCase(), ...plus];
}

/** As it is, and between the quotes of JSON, JSON in JSON, Python, SQL and a password file. */
function quotedForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const forms = [json, ascii(json)].flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
  const bare = json.replaceAll(String.raw`\"`, '"');
  const python = [bare, bare.replaceAll("'", String.raw`\'`)];
  const file = text.replaceAll(/[\\:]/g, String.raw`\$&`);
  return [text, ...forms, ...python, file, text.replaceAll("'", "''")];
}

/** As Python's `json.dumps` and many others write it: nothing beyond ASCII. */
function ascii(text: string): string {
  return text.replaceAll(/[\u0080-\uffff]/g, (one) => {
    return String.raw`\u` + one.charCodeAt(0).toString(16).padStart(4, '0');
  });
}

function markupForms(text: string): readonly string[] {
  const and = text.replaceAll('&', '&amp;');
  const tags = and.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quotes = tags.replaceAll('"', '&quot;');
  return [and, tags, quotes, ...['&#39;', '&#x27;'].map((one) => quotes.replaceAll("'", one))];
}

/** What is no text: in hexadecimal, and what of it stands in the base64 of a longer text. */
export function bytesForms(bytes: Buffer): readonly string[] {
  if (bytes.length < shortest) return [];
  const inner = [0, 1, 2].flatMap((offset) => insideBase64(bytes, offset));
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), ...inner];
}

/** What of the bytes is sure to stand in the base64 of a longer text that holds them. */
function insideBase64(bytes: Buffer, offset: number): readonly string[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = offset === 0 ? 0 : offset + 1;
  const spoilt = (offset + bytes.length) % 3;
  const sure = text.replace(/=+$/, '').slice(first, spoilt === 0 ? undefined : -1);
  return sure.length < 10 ? [] : [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
}
