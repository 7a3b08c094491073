import type { LogLine } from '../../gcp/logs.ts';
import { redacted } from '../../redaction/redacted.ts';
import { clockOf } from '../output/clock.ts';

/** A log line as programs get it. */
export function toldLine({ at, service, revision, severity, text }: LogLine) {
  return { at, service, revision, severity, text: redacted(text) };
}

const quiet: ReadonlySet<string> = new Set(['DEFAULT', 'DEBUG', 'INFO', 'NOTICE']);

/** The same for people, with the time of day; lines within a text stand below its first one. */
export function lineFor({ at, service, severity, text }: LogLine, widest: number): string {
  const head = `${clockOf(at)} ${service.padEnd(widest)} `;
  const loud = quiet.has(severity) ? '' : `${severity} `;
  return head + (loud + redacted(text)).trimEnd().replaceAll('\n', `\n${' '.repeat(head.length)}`);
}
