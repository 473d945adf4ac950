import type { Cloud } from '../../config/schema/cloud.ts';
import { effectOf } from '../failure/effect.ts';
import { compile } from '../failure/model.ts';
import { type Placement, replace } from '../placement/placement.ts';
import { afterMoves } from '../placement/standing.ts';
import type { Topology } from '../topology/topology.ts';
import type { MaintenancePlan } from './plan.ts';

export interface MaintenanceProblem {
  readonly group: string;
  readonly problem: string;
}

/**
 * Plays a plan, group after group: servers move and stay where they moved, hosts go off and come back. Says where a service would stop, a
 * server would find no host, or one host more could not fail meanwhile. Judged by the model of failures, not by what made the plan. Pure.
 */
export function simulateMaintenance(
  { groups }: MaintenancePlan,
  { cloud, topology, placement: start }: { cloud: Cloud; topology: Topology; placement: Placement },
): MaintenanceProblem[] {
  const model = compile(cloud, topology);
  let placement = start;
  return groups.flatMap(({ key: group, hosts, costs }) => {
    const failure = hosts.map((name) => ({ kind: 'host', name }) as const);
    const { down } = effectOf({ model, placement }, failure);
    const problems = down.flatMap(({ service, cause }) => (costs.length > 0 ? [] : [`${service} stops (${cause})`]));
    const { moved, unplaced } = replace(placement, hosts);
    problems.push(...unplaced.map(({ server }) => `${server.id} has no host to move to`));
    const zones = new Set(placement.hosts.filter(({ name }) => hosts.includes(name)).map(({ zone }) => zone));
    placement = afterMoves(placement, moved);
    for (const { name, zone } of costs.length > 0 ? [] : placement.hosts) {
      if (hosts.includes(name) || !zones.has(zone)) continue;
      const [stranded] = replace(placement, [...hosts, name]).unplaced;
      if (stranded !== undefined) problems.push(`${stranded.server.id} has no host if ${name} fails as well`);
    }
    return problems.map((problem) => ({ group, problem }));
  });
}
