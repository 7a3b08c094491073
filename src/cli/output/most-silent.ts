const usualMs = 9500; // looked at four times a second: no silence is longer than 10 s

/**
 * For how long a command may say nothing, in milliseconds. WINDLASS_SILENCE_MS makes it shorter, for
 * logs that are watched more closely; never longer.
 */
export function mostSilentMs(): number {
  const asked = Number(process.env['WINDLASS_SILENCE_MS'] ?? usualMs);
  return asked >= 250 ? Math.min(asked, usualMs) : usualMs;
}
