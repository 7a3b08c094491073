/** When something happens again and again: the minutes of a unix-cron line. */
export interface Schedule {
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly dayOfMonth: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  /** 0 = Sunday. */
  readonly dayOfWeek: ReadonlySet<number>;
  /** Both kinds of day are restricted: then either is enough. */
  readonly eitherDay: boolean;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields = [
  { name: 'minute', from: 0, to: 59, names: [], first: 0 },
  { name: 'hour', from: 0, to: 23, names: [], first: 0 },
  { name: 'day of the month', from: 1, to: 31, names: [], first: 1 },
  { name: 'month', from: 1, to: 12, names: months, first: 1 },
  { name: 'day of the week', from: 0, to: 7, names: days, first: 0 },
] as const;
type Field = (typeof fields)[number];

/** Reads a line such as `0 3 * * mon-fri`; the text of what is wrong with it otherwise. */
export function readSchedule(line: string): Schedule | string {
  const words = line.trim().split(/\s+/);
  if (words.length !== fields.length)
    return `has ${words.length} fields, not five: minute, hour, day of the month, month, day of the week`;
  const sets = fields.map((field, at) => numbersOf(words[at] ?? '', field));
  const wrong = sets.find((one) => typeof one === 'string');
  if (typeof wrong === 'string') return wrong;
  const [minute, hour, dayOfMonth, month, week] = sets.map((one) =>
    typeof one === 'string' ? new Set<number>() : one,
  );
  if (!minute || !hour || !dayOfMonth || !month || !week) return 'is no schedule';
  const dayOfWeek = new Set([...week].map((day) => day % 7));
  const restricted = (word = '*'): boolean => !word.startsWith('*');
  const eitherDay = restricted(words[2]) && restricted(words[4]);
  return { minute, hour, dayOfMonth, month, dayOfWeek, eitherDay };
}

function numbersOf(word: string, field: Field): Set<number> | string {
  const found = new Set<number>();
  for (const part of word.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [low, high] = bounds(range, field, part.includes('/'));
    const by = Number(step);
    if (low === undefined || high === undefined || by < 1 || low > high)
      return `has '${part}' as ${field.name}: write ${field.from} to ${field.to}, a list, a range or a step`;
    for (let number = low; number <= high; number += by) found.add(number);
  }
  return found;
}

function bounds(range: string, field: Field, stepped: boolean): (number | undefined)[] {
  if (range === '*') return [field.from, field.to];
  const [low, high, ...rest] = range.split('-').map((word) => numberOf(word, field));
  if (rest.length > 0) return [];
  if (range.includes('-')) return [low, high];
  return [low, stepped ? field.to : low];
}

function numberOf(word: string, { from, to, names, first }: Field): number | undefined {
  const named = names.findIndex((name) => name === word.toLowerCase());
  if (named >= 0) return named + first;
  const number = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return number >= from && number <= to ? number : undefined;
}

const minuteMs = 60_000;
const farthestMs = 5 * 366 * 24 * 60 * minuteMs; // a 29th of February comes within

/** The next time after `after` in that time zone; undefined where there is none, such as 30 February. */
export function nextTime(schedule: Schedule, timeZone: string, after: Date): Date | undefined {
  const clock = clockOf(timeZone);
  let time = Math.floor(after.getTime() / minuteMs) * minuteMs + minuteMs;
  for (const limit = time + farthestMs; time < limit;) {
    const now = clock(new Date(time));
    const [day, hour] = [isDay(schedule, now), schedule.hour.has(now.hour)];
    if (day && hour && schedule.minute.has(now.minute)) return new Date(time);
    // Of a wrong day all hours but the last two: a clock that is put forward must skip none.
    const hours = day ? 0 : Math.max(0, 22 - now.hour);
    time += day && hour ? minuteMs : (hours * 60 + 60 - now.minute) * minuteMs;
  }
  return undefined;
}

/** Whether there is such a time zone, as the tz database names it. */
export function isTimeZone(name: string): boolean {
  try {
    return name !== '' && clockOf(name) !== undefined;
  } catch {
    return false;
  }
}

interface Now {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

function isDay(schedule: Schedule, { day, month, weekday }: Now): boolean {
  if (!schedule.month.has(month)) return false;
  const [ofMonth, ofWeek] = [schedule.dayOfMonth.has(day), schedule.dayOfWeek.has(weekday)];
  return schedule.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

function clockOf(timeZone: string): (at: Date) => Now {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short' },
    ...{ month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, value]),
    );
    const number = (name: string): number => Number(parts[name]);
    const weekday = days.indexOf((parts['weekday'] ?? '').toLowerCase());
    return {
      ...{ minute: number('minute'), hour: number('hour'), day: number('day') },
      ...{ month: number('month'), weekday },
    };
  };
}
