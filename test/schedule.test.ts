import { expect, it } from 'vitest';
import { isTimeZone, nextTime, readSchedule } from '../src/schedule.ts';

function next(line: string, zone: string, after: string): string | undefined {
  const schedule = readSchedule(line);
  if (typeof schedule === 'string') return schedule;
  return nextTime(schedule, zone, new Date(after))?.toISOString();
}

it.each([
  ['0 3 * * *', 'Etc/UTC', '2026-01-01T03:00:00Z', '2026-01-02T03:00:00.000Z'],
  ['*/15 * * * *', 'Etc/UTC', '2026-01-01T03:16:20Z', '2026-01-01T03:30:00.000Z'],
  ['30 9 * * mon-fri', 'Etc/UTC', '2026-01-02T10:00:00Z', '2026-01-05T09:30:00.000Z'],
  ['0 0 29 feb *', 'Etc/UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 12 13 * fri', 'Etc/UTC', '2026-01-01T00:00:00Z', '2026-01-02T12:00:00.000Z'], // either day
  ['0 0 * * 7', 'Etc/UTC', '2026-01-01T00:00:00Z', '2026-01-04T00:00:00.000Z'],
  ['0 3 * * *', 'Europe/Berlin', '2026-01-01T12:00:00Z', '2026-01-02T02:00:00.000Z'],
  ['0 3 * * *', 'Europe/Berlin', '2026-07-01T12:00:00Z', '2026-07-02T01:00:00.000Z'],
  ['0 3 30 2 *', 'Etc/UTC', '2026-01-01T00:00:00Z', undefined],
])('%s in %s comes after %s at %s', (line, zone, after, wanted) => {
  expect(next(line, zone, after)).toBe(wanted);
});

it.each(['* * * *', '60 * * * *', '* 24 * * *', '5-1 * * * *', '*/0 * * * *', 'a b c d e', ''])(
  "'%s' is no schedule",
  (line) => {
    expect(readSchedule(line)).toBeTypeOf('string');
  },
);

it('a time zone is one that the tz database has', () => {
  expect(['Europe/Berlin', 'Etc/UTC', 'Mars/North', ''].map(isTimeZone)).toEqual([
    ...[true, true, false, false],
  ]);
});
