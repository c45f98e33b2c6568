/** Times as the screen shows them: UTC, 24 hours. */

/** Return hh:mm:ss of a moment in milliseconds since 1970. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** Return hh:mm:ss.mmm, for the tape. */
export function clockMs(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

/** Return 21 Nov 14:27:41, or only the clock when it is of the same UTC day as `now`. */
export function dayClock(iso: string, now: number = Date.now()): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  const sameDay =
    new Date(ms).toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  return sameDay ? clock(ms) : `${day(ms)} ${clock(ms).slice(0, 5)}`;
}

/** Return 21 Nov. */
export function day(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

/** Return 07:53 until the moment, or 4:07:53 when hours are left. */
export function countdown(toMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((toMs - nowMs) / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

const MONTHS = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

function two(value: number): string {
  return String(value).padStart(2, '0');
}
