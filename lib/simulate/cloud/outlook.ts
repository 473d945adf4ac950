import { capacityOf } from '../../config/capacity.ts';
import { type Demand, demandOf, storedGiB } from '../../config/demand.ts';
import { demandsOn, leasesOn } from '../../config/placed-leases.ts';
import type { Entity, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Lease } from '../../config/schema/lease.ts';
import { roomLeft } from '../../private-cloud/placement/capacity.ts';
import { placeOnCloud } from '../../private-cloud/placement/placement.ts';
import { withMoreHosts } from '../../private-cloud/placement/sizing.ts';
import { shortageOf } from '../../private-cloud/placement/survival.ts';
import { survivedDomains } from '../../private-cloud/topology/failure-domains.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { quantile } from '../measure/waits.ts';
import { Random } from '../workload/random.ts';
import type { Arrivals } from './arrivals.ts';
import type { BlueprintOutlook, FlavorOutlook, LeaseOutlook, Quantiles } from './report.ts';
import { growthOf } from './trend.ts';

export interface OutlookOptions {
  readonly project: Project;
  readonly cloud: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly days: number;
  readonly arrivals: Arrivals;
  /** Hosts beside those that are there. @default 0 */
  readonly moreHosts?: number;
  /** How often chance is asked. @default 100 */
  readonly runs?: number;
  /** @default 1 */
  readonly seed?: number;
  /** Called after each run. */
  readonly onRun?: (done: number, total: number) => void;
}

const DAY_MS = 86_400_000;
const WEEK = 7;

interface Active {
  readonly demand: Demand;
  readonly entity: Entity<Lease>;
  /** Day from now on which it ends. */
  readonly ends: number;
}

interface Refusal {
  readonly blueprint: string;
  readonly day: number;
  readonly why: 'hosts' | 'storage';
}

/**
 * Leases over time against hosts: those of the configuration end when they say, new ones come by chance, and one for which there is no
 * room after the worst failure is refused. By the model of `cloud capacity`: placement, failures, storage. Pure; the same options give the
 * same outlook.
 */
export function leaseOutlook(options: OutlookOptions): LeaseOutlook | undefined {
  const { project, cloud: name, days, runs = 100, seed = 1, moreHosts = 0 } = options;
  const entity = project.clouds.get(name);
  if (entity === undefined) return undefined;
  const cloud = withMoreHosts(entity.value, moreHosts);
  const grown: Project = { ...project, clouds: new Map([...project.clouds, [name, { ...entity, value: cloud }]]) };
  const begin = begunLeases(options);
  const checkpoints = Array.from({ length: Math.floor(days / WEEK) + 1 }, (_, index) => index * WEEK);
  const all = Array.from({ length: runs }, (_, index) => {
    const run = runOnce({ ...options, project: grown }, cloud, begin, {
      checkpoints,
      random: new Random(seed * 1000 + index),
    });
    options.onRun?.(index + 1, runs);
    return run;
  });
  const sum = (of: (run: Run) => number): number => all.reduce((total, run) => total + of(run), 0);
  const flavors = Object.keys(cloud.flavors);
  return {
    ...{ moreHosts, runs, checkpoints, began: begin.length * runs },
    use: checkpoints.map((_, index) => quantilesOf(all.map((run) => run.use[index] ?? 0))),
    flavors: flavors.map((flavor) => flavorOutlook(flavor, checkpoints, all)),
    blueprints: [...new Set(options.arrivals.like.map(({ blueprint }) => blueprint))]
      .sort()
      .map((blueprint) => blueprintOutlook(blueprint, all)),
    asked: sum(({ asked }) => asked.length),
    refused: sum(({ refused }) => refused.length),
    refusedByStorage: sum(({ refused }) => refused.filter(({ why }) => why === 'storage').length),
    ended: sum(({ ended }) => ended),
    left: sum(({ left }) => left),
  };
}

interface Run {
  readonly asked: readonly string[];
  readonly refused: readonly Refusal[];
  readonly ended: number;
  readonly left: number;
  /** By checkpoint, by flavor. */
  readonly room: readonly ReadonlyMap<string, number>[];
  /** By checkpoint, in percent. */
  readonly use: readonly number[];
}

function runOnce(
  { project, cloud: name, now, days, arrivals }: OutlookOptions,
  cloud: Cloud,
  begin: readonly Active[],
  { checkpoints, random }: { readonly checkpoints: readonly number[]; readonly random: Random },
): Run {
  const domains = survivedDomains(cloud, topologyOf(name, cloud));
  let active = [...begin];
  const [asked, refused, room]: [string[], Refusal[], Map<string, number>[]] = [[], [], []];
  const use: number[] = [];
  /** Blueprints that found no room since the last lease ended: neither do the next of them. */
  const full = new Map<string, Refusal['why']>();
  let ended = 0;
  // Each run has a trend that may be, so that what follows has the span of it.
  const { trend } = arrivals;
  const perMonth = trend === undefined ? 0 : trend.perMonth + trend.error * random.normal();
  const perWeek = (day: number): number =>
    trend === undefined ? arrivals.perWeek : Math.max(0, arrivals.perWeek + growthOf(trend, perMonth, day));
  for (let day = 0; day <= days; day += 1) {
    const still = active.filter(({ ends }) => ends > day);
    if (still.length < active.length) full.clear();
    ended += active.length - still.length;
    active = still;
    for (let left = day === 0 ? 0 : random.poisson(perWeek(day) / WEEK); left > 0; left -= 1) {
      const like = arrivals.like[Math.floor(random.next() * arrivals.like.length)];
      const blueprint = project.blueprints.get(like?.blueprint ?? '');
      if (like === undefined || blueprint === undefined) continue;
      const lease = newLease(`later-${asked.length + 1}`, name, like.blueprint, now + day * DAY_MS, like.days);
      const demand = demandOf({ name: lease.name, lease: lease.value, blueprint: blueprint.value, cloud });
      asked.push(like.blueprint);
      const more = [...active, { demand, entity: lease, ends: day + like.days }];
      const why = full.get(like.blueprint) ?? lackOf(cloud, domains, more);
      if (why === undefined) active = more;
      else {
        full.set(like.blueprint, why);
        refused.push({ blueprint: like.blueprint, day, why });
      }
    }
    if (!checkpoints.includes(day)) continue;
    const leases = new Map(active.map(({ entity }) => [entity.name, entity]));
    const then = { ...project, leases };
    use.push(useOf(cloud, demandsOn(then, name)));
    const byFlavor = Map.groupBy(roomLeft(then, name), ({ flavor }) => flavor);
    room.push(
      new Map(
        [...byFlavor].map(([flavor, zones]) => [
          flavor,
          zones.reduce((total, { afterWorst }) => total + afterWorst, 0),
        ]),
      ),
    );
  }
  return { asked, refused, ended, left: active.length, room, use };
}

/** In percent, to a tenth. Root disks are not in it: in Ceph they are of the whole pool. */
function useOf(cloud: Cloud, demands: readonly Demand[]): number {
  const there = capacityOf(cloud);
  const share = (key: 'vcpus' | 'memoryMiB'): number =>
    demands.reduce((sum, { servers }) => sum + servers.reduce((all, server) => all + server[key], 0), 0) /
    Math.max(1, there[key]);
  return Math.round(1000 * Math.max(share('vcpus'), share('memoryMiB'))) / 10;
}

/** What there is too little of for all to run after the worst failure, with their data; undefined: nothing. */
function lackOf(cloud: Cloud, domains: Domains, active: readonly Active[]): Refusal['why'] | undefined {
  const stored = active.reduce((sum, { demand }) => sum + storedGiB(cloud, demand), 0);
  if (stored > cloud.storage.usableGiB) return 'storage';
  const servers = active.flatMap(({ demand }) => demand.servers);
  return shortageOf(placeOnCloud(cloud, servers), domains) === undefined ? undefined : 'hosts';
}

type Domains = ReturnType<typeof survivedDomains>;

/** The leases of the configuration that are there now. */
function begunLeases({ project, cloud, now }: OutlookOptions): Active[] {
  return leasesOn(project, cloud).map(({ lease, demand }) => ({
    ...{ demand, entity: lease },
    ends: lease.value.protected ? Infinity : Math.ceil((endMs(lease.value.until) - now) / DAY_MS),
  }));
}

/** A day ends with its last second. */
export function endMs(until: string): number {
  const at = Date.parse(until);
  return /^\d{4}-\d{2}-\d{2}$/.test(until) ? at + DAY_MS : at;
}

function newLease(name: string, cloud: string, blueprint: string, at: number, days: number): Entity<Lease> {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return {
    ...{ kind: 'lease', name, file: '' },
    value: {
      ...{ blueprint, owner: '', cloud, since: day(at), until: day(at + (days - 1) * DAY_MS), state: 'active' },
      ...{ protected: false, users: [], sshKeys: [], parameters: {}, tiers: {} },
    },
  } as unknown as Entity<Lease>;
}

function flavorOutlook(flavor: string, checkpoints: readonly number[], runs: readonly Run[]): FlavorOutlook {
  const room = checkpoints.map((_, index) => quantilesOf(runs.map((run) => run.room[index]?.get(flavor) ?? 0)));
  return {
    ...{ flavor, room },
    goneInTenth: checkpoints[room.findIndex(({ p10 }) => p10 === 0)],
    goneInHalf: checkpoints[room.findIndex(({ p50 }) => p50 === 0)],
  };
}

function blueprintOutlook(blueprint: string, runs: readonly Run[]): BlueprintOutlook {
  const first = quantilesOf(
    runs.map(({ refused }) => refused.find((each) => each.blueprint === blueprint)?.day ?? Infinity),
  );
  const count = (of: (run: Run) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const finite = (day: number): number | undefined => (Number.isFinite(day) ? day : undefined);
  return {
    blueprint,
    asked: count(({ asked }) => asked.filter((each) => each === blueprint).length),
    refused: count(({ refused }) => refused.filter((each) => each.blueprint === blueprint).length),
    ...{ firstInTenth: finite(first.p10), firstInHalf: finite(first.p50) },
  };
}

function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}
