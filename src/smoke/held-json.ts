/** Words in an expected JSON that stand for what is asked. */
export type Words = Readonly<Record<'revision' | 'service', string>>;

/**
 * Where an answer does not hold what is expected of it, the first place in words: of an object the
 * named keys are compared, of a list every element must be there, whatever else there is.
 */
export function missingIn(
  answer: unknown,
  expected: unknown,
  words: Words,
  place = 'it',
): string | undefined {
  if (Array.isArray(expected)) return missingElement(answer, expected, words, place);
  if (isObject(expected)) return missingKey(answer, expected, words, place);
  const wanted = typeof expected === 'string' ? filled(expected, words) : expected;
  return answer === wanted ? undefined : `${place} is ${said(answer)}, not ${said(wanted)}`;
}

function missingElement(
  answer: unknown,
  expected: readonly unknown[],
  words: Words,
  place: string,
): string | undefined {
  if (!Array.isArray(answer)) return `${place} is ${said(answer)}, not a list`;
  const found: readonly unknown[] = answer;
  const lacking = expected.find((one) =>
    found.every((element) => missingIn(element, one, words) !== undefined),
  );
  return lacking === undefined ? undefined : `${place} does not hold ${said(lacking)}`;
}

function missingKey(
  answer: unknown,
  expected: Readonly<Record<string, unknown>>,
  words: Words,
  place: string,
): string | undefined {
  if (!isObject(answer)) return `${place} is ${said(answer)}, not an object`;
  for (const [key, value] of Object.entries(expected)) {
    const at = place === 'it' ? key : `${place}.${key}`;
    const missing = missingIn(answer[key], value, words, at);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function filled(text: string, { revision, service }: Words): string {
  return text.replaceAll('${revision}', revision).replaceAll('${service}', service);
}

function said(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 200);
}
