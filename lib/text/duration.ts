const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** An instant of ISO 8601, for people: `2026-11-28 03:15`, in the zone that it is in. */
export function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

/** A time in its two largest parts, for people: `8 s`, `2 min 5 s`, `4 h`, `3 d 4 h`; from a week on in days. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 100) return `${whole} s`;
  if (whole >= 7 * 86_400) return `${Math.round(whole / 86_400)} d`;
  const at = UNITS.findIndex(([, size]) => whole >= size);
  const [unit, size] = UNITS[at] ?? UNITS[3];
  const [smaller, part] = UNITS[at + 1] ?? UNITS[3];
  const rest = Math.floor((whole % size) / part);
  return `${Math.floor(whole / size)} ${unit}${rest > 0 ? ` ${rest} ${smaller}` : ''}`;
}
