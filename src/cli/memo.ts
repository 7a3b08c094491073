/** A text from a run's memo; the fallback where it holds none. */
export function memoText(
  memo: Readonly<Record<string, unknown>> | undefined,
  key: string,
  fallback: string,
): string {
  const value = memo?.[key];
  return typeof value === 'string' ? value : fallback;
}
