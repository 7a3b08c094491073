/** A fingerprint's lines without the names that others make up or count: versions, revisions, ports. */
export function lasting(lines: readonly string[]): readonly string[] {
  return lines.map((line) =>
    line
      .replace(/^(secret \S+) \d+$/, '$1')
      .replaceAll(/"version":"\d+"/g, '"version":"n"')
      .replaceAll(/-\d{5}-[a-z0-9]{3}\b/g, '-n')
      .replaceAll(/notificationChannels\/\d+/g, 'channel')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'host'),
  );
}
