import { Document, isMap, visit } from 'yaml';
import type { Environment } from '../../config/schema/environment.ts';
import { isRecord } from '../../text/json.ts';
import type { Axis, Point, Space } from '../search/space.ts';

type Cluster = Environment['cluster'];

/** One thing that a fit may turn. */
interface Setting {
  readonly axis: (cluster: Cluster) => Axis;
  /** What it is now. */
  readonly now: (cluster: Cluster) => number;
  readonly set: (cluster: Cluster, value: number) => Cluster;
  /** Whether it is there to be turned. @default - always */
  readonly applies?: (cluster: Cluster, options: FitSpaceOptions) => boolean;
}

export interface FitSpaceOptions {
  /** Spot instances that are interrupted in an hour, of one; 0: what Spot costs in waits is not known, and its share stays. */
  readonly interruptionsPerHour: number;
}

const scaling = (cluster: Cluster, changed: Partial<Cluster['scaling']>): Cluster => ({
  ...cluster,
  scaling: { ...cluster.scaling, ...changed },
});
const capacity = (cluster: Cluster, changed: Partial<Cluster['capacity']>): Cluster => ({
  ...cluster,
  capacity: { ...cluster.capacity, ...changed },
});
type Scaler = NonNullable<Cluster['scaling']['scaler']>;
const withScaler = (cluster: Cluster, changed: Partial<Scaler>): Cluster => {
  const { scaler } = cluster.scaling;
  return scaler === undefined ? cluster : scaling(cluster, { scaler: { ...scaler, ...changed } });
};
const floors = ({ scaling: { schedules } }: Cluster): number[] =>
  Object.values(schedules).flatMap(({ minimum }) => minimum ?? []);

/** Shares of a list of numbers are in percent of what is configured; so they keep its shape. */
const PERCENT = { from: 25, to: 400, step: 25, scale: 'ratio' } as const;

const SETTINGS: Readonly<Record<string, Setting>> = {
  backlogPerInstance: {
    axis: ({ scaling: { backlogPerInstance: now } }) => {
      const step = stepOf(now);
      return { from: Math.max(step, onGrid(now / 10, step)), to: onGrid(now * 10, step), step, scale: 'ratio' };
    },
    now: (cluster) => cluster.scaling.backlogPerInstance,
    set: (cluster, backlogPerInstance) => scaling(cluster, { backlogPerInstance }),
  },
  warmupSeconds: {
    axis: () => ({ from: 0, to: 600, step: 30 }),
    now: (cluster) => cluster.scaling.warmupSeconds,
    set: (cluster, warmupSeconds) => scaling(cluster, { warmupSeconds }),
  },
  idleSeconds: {
    axis: () => ({ from: 60, to: 3600, step: 60, scale: 'ratio' }),
    now: (cluster) => cluster.scaling.idleSeconds,
    set: (cluster, idleSeconds) => scaling(cluster, { idleSeconds }),
  },
  burstPercent: {
    axis: () => PERCENT,
    now: () => 100,
    set: (cluster, percent) =>
      scaling(cluster, {
        burst: cluster.scaling.burst.map(({ missing, add }) => ({ missing, add: part(add, percent, 1, 1000) })),
      }),
  },
  scalerWaitSeconds: {
    applies: ({ scaling: { scaler } }) => scaler !== undefined,
    axis: () => ({ from: 10, to: 1800, step: 10, scale: 'ratio' }),
    now: ({ scaling: { scaler } }) => scaler?.waitSeconds ?? 0,
    set: (cluster, waitSeconds) => withScaler(cluster, { waitSeconds }),
  },
  scalerIdleSeconds: {
    applies: ({ scaling: { scaler } }) => scaler !== undefined,
    axis: () => ({ from: 0, to: 900, step: 30 }),
    now: ({ scaling: { scaler } }) => scaler?.idleSeconds ?? 0,
    set: (cluster, idleSeconds) => withScaler(cluster, { idleSeconds }),
  },
  minimum: {
    axis: ({ capacity: { minimum, maximum } }) => ({
      ...{ from: 0, to: Math.min(maximum, Math.max(10, 2 * minimum)), step: Math.max(1, Math.floor(minimum / 20)) },
    }),
    now: (cluster) => cluster.capacity.minimum,
    set: (cluster, minimum) => capacity(cluster, { minimum }),
  },
  schedulePercent: {
    applies: (cluster) => floors(cluster).some((floor) => floor > 0),
    axis: () => ({ from: 0, to: 200, step: 10 }),
    now: () => 100,
    set: (cluster, percent) =>
      scaling(cluster, {
        schedules: Object.fromEntries(
          Object.entries(cluster.scaling.schedules).map(([name, { minimum, ...rest }]) => {
            const most = Math.min(cluster.capacity.maximum, rest.maximum ?? cluster.capacity.maximum);
            return [name, { ...rest, ...(minimum === undefined ? {} : { minimum: part(minimum, percent, 0, most) }) }];
          }),
        ),
      }),
  },
  spotSharePercent: {
    applies: ({ capacity: { warmPool } }, { interruptionsPerHour }) =>
      interruptionsPerHour > 0 && warmPool === undefined,
    axis: () => ({ from: 0, to: 100, step: 10 }),
    now: (cluster) => cluster.capacity.spotSharePercent,
    set: (cluster, spotSharePercent) => capacity(cluster, { spotSharePercent }),
  },
  // AWS documents no warm pool that holds Spot instances.
  warmPool: {
    applies: ({ capacity: { spotSharePercent } }, { interruptionsPerHour }) =>
      spotSharePercent === 0 && interruptionsPerHour === 0,
    axis: ({ capacity: { maximum } }) => ({ from: 0, to: maximum, step: Math.max(1, Math.round(maximum / 20)) }),
    now: ({ capacity: { warmPool, maximum } }) => (warmPool === undefined ? 0 : (warmPool.preparedCapacity ?? maximum)),
    set(cluster, preparedCapacity) {
      const { warmPool, ...rest } = cluster.capacity;
      if (preparedCapacity === 0) return { ...cluster, capacity: rest };
      const { state = 'stopped', minimum = 0 } = warmPool ?? {};
      const pool = { minimum: Math.min(minimum, preparedCapacity), preparedCapacity, state };
      return capacity(cluster, { warmPool: pool });
    },
  },
};

/** What may be turned of a cluster, and how far: around what is configured, so that no proposal is a leap. */
export function fitSpace(cluster: Cluster, options: FitSpaceOptions): Space {
  const all = Object.entries(SETTINGS).filter(([, { applies }]) => applies?.(cluster, options) ?? true);
  return Object.fromEntries(all.map(([name, { axis }]) => [name, axis(cluster)]));
}

/** Where a cluster is in its space. */
export function fitStart(cluster: Cluster, space: Space): Point {
  return Object.fromEntries(Object.keys(space).map((name) => [name, SETTINGS[name]?.now(cluster) ?? 0]));
}

/** The cluster with other settings. What a point does not say, or says as it is now, stays as it is. */
export function withSettings(cluster: Cluster, point: Point): Cluster {
  return Object.entries(point).reduce((changed, [name, value]) => {
    const setting = SETTINGS[name];
    return setting === undefined || setting.now(cluster) === value ? changed : setting.set(changed, value);
  }, cluster);
}

/** Lines of `config/environments/<name>.yaml` that make one cluster of the other: lists whole, since they replace. Empty where both are the same. */
export function yamlOf(before: Cluster, after: Cluster): string {
  const different = difference(before, after);
  if (different === undefined) return '';
  const document = new Document({ cluster: different });
  // A step of a burst is a line.
  visit(document, {
    Seq(_, { items }) {
      for (const item of items) if (isMap(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

/** Fields that differ; null where one is gone. Undefined where none does. */
function difference(before: object, after: object): Record<string, unknown> | undefined {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  const fields: [string, unknown][] = [];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const [old, now] = [was.get(name), is.get(name)];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    fields.push([name, isRecord(old) && isRecord(now) ? difference(old, now) : (now ?? null)]);
  }
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/** A step with which a twentieth of a value is a step or two: 0.5 of 10, 5 of 120. */
function stepOf(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value / 20));
  return Number((value / 20 / power >= 5 ? 5 * power : power).toPrecision(1));
}

const onGrid = (value: number, step: number): number => Number((Math.round(value / step) * step).toPrecision(6));

function part(value: number, percent: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round((value * percent) / 100)));
}
