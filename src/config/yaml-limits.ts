import { Lexer, Parser } from 'yaml';

/** Bytes that a YAML file may have: a thousand services of half a kilobyte each. */
export const yamlBytes = 512 * 1024;

/** Characters of a line. */
const longestLine = 64 * 1024;

/** How deep maps and lists may lie in each other; windlass.yaml itself needs 7. */
const deepest = 64;

/** Why a text is too large to be looked at; undefined where it is not. */
export function mostYaml(text: string): string | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes <= yamlBytes) return longLine(text);
  return `it has ${bytes} bytes: at most ${yamlBytes} (512 KiB) are read`;
}

/** Nobody reads such a line, and a reader that goes wrong in it does so once for each character. */
function longLine(text: string): string | undefined {
  const at = text.split('\n').findIndex((line) => line.length > longestLine);
  return at < 0 ? undefined : `line ${at + 1} has more than ${longestLine} characters`;
}

/**
 * Why a text is nested too deeply, or broken in its marks; found while it is read, before anything
 * calls itself or makes an error of each character.
 */
export function deepestYaml(text: string): string | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme))
      if (token.type === 'error') return `${token.message} at line ${lineAt(text, token.offset)}`;
    // A level takes up to two places: the map and the list that stands as its value.
    if (parser.stack.length > 2 * deepest)
      return `it is nested more than ${deepest} levels deep at line ${lineAt(text, parser.offset)}`;
  }
  return undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
