/** Where two pictures of a database differ, each as one line; empty where they are equal. */
export function differences(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): readonly string[] {
  const parts = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...parts].flatMap((part) => {
    const [a, b] = [entries(left[part]), entries(right[part])];
    const gone = a.filter((line) => !b.includes(line)).map((line) => `${part} - ${line}`);
    const come = b.filter((line) => !a.includes(line)).map((line) => `${part} + ${line}`);
    return [...gone, ...come];
  });
}

function entries(part: unknown): readonly string[] {
  if (part === undefined) return [];
  return Array.isArray(part) ? part.map((one) => JSON.stringify(one)) : [JSON.stringify(part)];
}
