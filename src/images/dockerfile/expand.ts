/** Values by name, as ARG and ENV give them. */
export type Values = Readonly<Record<string, string>>;

const variable = /\\\$|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g;

/** Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+instead}`; what is unknown is empty. */
export function expand(text: string, values: Values): string {
  return text.replaceAll(variable, (...found: readonly (string | undefined)[]) => {
    const [whole, plain, braced, operator, word = ''] = found;
    if (whole === '\\$') return '$';
    const value = values[plain ?? braced ?? ''] ?? '';
    if (operator === '-') return value === '' ? word : value;
    if (operator === '+') return value === '' ? '' : word;
    return value;
  });
}

/** `NAME=value` pairs with their quotes taken off, as ENV and ARG write them. */
export function pairsOf(rest: string): readonly (readonly [name: string, value: string])[] {
  if (!/^\w+=/.test(rest)) {
    const [, name = '', value = ''] = /^(\w+)\s*([\s\S]*)$/.exec(rest) ?? [];
    return name === '' ? [] : [[name, value.trim()]];
  }
  const pairs = rest.matchAll(/(\w+)=((?:"(?:\\.|[^"])*"|'[^']*'|\\.|[^\s"'])*)/g);
  return [...pairs].map(([, name = '', value = '']) => [name, unquoted(value)]);
}

function unquoted(value: string): string {
  const parts = value.matchAll(/"((?:\\.|[^"])*)"|'([^']*)'|\\(.)|([^"'\\]+)/g);
  return [...parts]
    .map(([, double, single, escaped, bare]) =>
      double === undefined ? (single ?? escaped ?? bare ?? '') : double.replace(/\\(["\\])/g, '$1'),
    )
    .join('');
}
