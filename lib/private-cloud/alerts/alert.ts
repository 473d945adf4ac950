import type { Cloud } from '../../config/schema/cloud.ts';
import { firstOf } from '../../text/listed.ts';
import { clientVisibleServicesOf } from '../failure/client-visible-services.ts';
import { predictGaps } from '../failure/gaps.ts';
import { compile, type FailureModel, goneBy } from '../failure/model.ts';
import { type Topology, topologyOf } from '../topology/topology.ts';

/** One alert rule of Prometheus, and what stands behind it. */
export interface Alert {
  /** In camel case, as Prometheus's own. */
  readonly name: string;
  /** PromQL: it fires where this gives anything. */
  readonly expr: string;
  /** How long it must hold, in minutes: at least as long as a planned restart takes. */
  readonly forMinutes: number;
  /** `critical`: clients notice, or will at the next failure of this kind; `warning`: the promise is used up in part. */
  readonly severity: 'critical' | 'warning';
  /** Tells alerts of one name apart. @default - there is one */
  readonly zone?: string;
  /** One sentence. May hold Prometheus's `{{ $labels.instance }}` and `{{ $value }}`. */
  readonly summary: string;
  /** What the failure model says of it: what stops next, or how long an outage should have lasted. */
  readonly prediction: string;
  /** The command to run first. May hold Prometheus's `{{ $labels.instance }}`, which is a host's name. */
  readonly runbook: string;
}

/** A cloud as its alerts are made from it. */
export interface Watched {
  readonly name: string;
  readonly cloud: Cloud;
  readonly topology: Topology;
  readonly model: FailureModel;
  /** The longest predicted outage of each service that survives, whichever single host is lost, in seconds. */
  readonly longestGaps: ReadonlyMap<string, number>;
}

/** Pure. Expects a configuration without errors. */
export function watched(name: string, cloud: Cloud): Watched {
  const topology = topologyOf(name, cloud);
  const model = compile(cloud, topology);
  return { name, cloud, topology, model, longestGaps: longestGapsOf(model) };
}

/** Hosts that carry servers or copies alone are no part of any outage but their own. */
function longestGapsOf(model: FailureModel): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  const hosts = model.topology.hosts.filter(({ roles }) =>
    roles.some((role) => role !== 'compute' && role !== 'storage'),
  );
  for (const { name } of hosts)
    for (const { service, atMost } of predictGaps(model, goneBy(model, [{ kind: 'host', name }])))
      longest.set(service, Math.max(atMost, longest.get(service) ?? 0));
  return longest;
}

/** How many members a service has; 0 where the cloud has none of it. */
export function sizeOf({ model }: Watched, service: string): number {
  return model.services.find(({ name }) => name === service)?.members.length ?? 0;
}

/** Services that answer nothing without this one, through however many others. */
function dependents({ cloud, topology }: Pick<Watched, 'cloud' | 'topology'>, service: string): string[] {
  const services = clientVisibleServicesOf(cloud, topology);
  const fallen = new Set([service]);
  for (let before = 0; before < fallen.size; ) {
    before = fallen.size;
    for (const { name, needs, behindVip } of services)
      if (needs.some((need) => fallen.has(need)) || (behindVip && fallen.has('vip'))) fallen.add(name);
  }
  fallen.delete(service);
  return services.map(({ name }) => name).filter((name) => fallen.has(name));
}

/** `without it nova-api, cinder-api and 7 more answer nothing`. */
export function without(watched: Watched, service: string): string {
  const names = dependents(watched, service);
  if (names.length === 0) return 'nothing else needs it';
  return `without it ${firstOf(names, 3)} ${names.length === 1 ? 'answers' : 'answer'} nothing`;
}

/** In seconds; 0 where no single host stops it, or stops it for good. */
export function longestGap({ longestGaps }: Pick<Watched, 'longestGaps'>, service: string): number {
  return longestGaps.get(service) ?? 0;
}

/** A count that is 0, not missing, where no target answers: a comparison with nothing fires never. */
export function countOf(selector: string): string {
  return `(count(${selector}) or vector(0))`;
}

/** What a lost member leaves: `lost one of 3: with one more lost, no majority is left`. */
export function nextLoss(size: number): string {
  const spare = Math.floor((size - 1) / 2);
  return spare <= 1
    ? `it had ${size} members: with one more lost, no majority is left`
    : `it had ${size} members and survives the loss of ${spare}`;
}
