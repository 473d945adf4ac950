/** Values that a setting may have: from `from` to `to`, in steps. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Values are `from` and whole steps above it. @default 1 */
  readonly step?: number;
  /** `ratio` where doubling means as much at every value, as of sizes and durations: distances go by the logarithm, and `from` is above 0. @default 'difference' */
  readonly scale?: 'difference' | 'ratio';
}

/** Settings that a search may turn, by name. Their order is part of what a seed gives. */
export type Space = Readonly<Record<string, Axis>>;

/** A value for each setting of a space. */
export type Point = Readonly<Record<string, number>>;

/** How many values an axis has. */
export function valuesOf({ from, to, step = 1 }: Axis): number {
  return Math.floor((to - from) / step + 1e-9) + 1;
}

/** The value of an axis at a place from 0 to 1; beyond them, that of the nearer end. */
export function valueAt(axis: Axis, place: number): number {
  const { from, to, step = 1, scale = 'difference' } = axis;
  const within = Math.min(1, Math.max(0, place));
  const exact = scale === 'ratio' ? from * (to / from) ** within : from + (to - from) * within;
  return nth(axis, Math.min(valuesOf(axis) - 1, Math.round((exact - from) / step)));
}

/** Where a value is on its axis, from 0 to 1; a value beyond an end is at that end. */
export function placeOf({ from, to, scale = 'difference' }: Axis, value: number): number {
  if (to === from) return 0;
  const within = Math.min(to, Math.max(from, value));
  return scale === 'ratio' ? Math.log(within / from) / Math.log(to / from) : (within - from) / (to - from);
}

/** The value so many steps above the first. Without the noise of binary fractions: it is shown to people. */
export function nth({ from, step = 1 }: Axis, steps: number): number {
  return Number((from + step * steps).toPrecision(12));
}

/** The point of a space nearest to any point. Names that it has no value for are in the middle. */
export function nearestPoint(space: Space, point: Point): Point {
  return map(space, (axis, name) => {
    const value = point[name];
    return valueAt(axis, value === undefined ? 0.5 : placeOf(axis, value));
  });
}

/** A point with one value for each axis. */
export function map(space: Space, value: (axis: Axis, name: string, index: number) => number): Point {
  return Object.fromEntries(Object.entries(space).map(([name, axis], index) => [name, value(axis, name, index)]));
}

/** Text that is the same for the same point. */
export function keyOf(space: Space, point: Point): string {
  return Object.keys(space)
    .map((name) => String(point[name]))
    .join(' ');
}

/** How many points a space has. */
export function sizeOf(space: Space): number {
  return Object.values(space).reduce((product, axis) => product * valuesOf(axis), 1);
}
