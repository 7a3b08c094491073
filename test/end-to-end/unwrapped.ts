/** What a command printed with each thing on one line: lines that go on are indented. */
export function unwrapped(text: string): string {
  return text.replaceAll(/\n {4,}/g, ' ');
}
