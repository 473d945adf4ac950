/** Retention in days that CloudWatch Logs accepts. */
const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** The shortest retention that CloudWatch Logs offers and that is at least as long as asked for. */
export function logRetentionDays(days: number): number {
  return DAYS.find((each) => each >= days) ?? 3653;
}
