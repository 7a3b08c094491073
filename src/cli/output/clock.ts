/** A moment in local time, to the second: `2026-11-29 19:42:56 +0100`. */
export function stampOf(at: string | number | Date): string {
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${clockOf(date)} ${zoneOf(date)}`;
}

/** Its time of day: `19:42:56`. */
export function clockOf(at: string | number | Date): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** A duration in milliseconds: `0.4 s`, `12 s`, `1 min 23 s`, `2 h 5 min`. */
export function spanOf(ms: number): string {
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function zoneOf(date: Date): string {
  const east = -date.getTimezoneOffset();
  const minutes = Math.abs(east);
  return `${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
