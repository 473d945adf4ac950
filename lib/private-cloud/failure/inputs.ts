import type { Entity, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { nearestOf } from '../../text/nearest.ts';
import { ambiguousPart, noSuchPart } from '../errors.ts';
import { placeLeases } from '../placement/placement.ts';
import { proofOf } from '../placement/survival.ts';
import { topologyOf } from '../topology/topology.ts';
import type { Bound, EffectInputs } from './effect.ts';
import { type Failure, findParts, partId, partsOf } from './failures.ts';
import { compile, type FailureModel } from './model.ts';

/** All that failures of a cloud are judged with. */
export function failureInputs(project: Project, cloud: Entity<Cloud>): EffectInputs {
  const placement = placeLeases(project, cloud.name);
  const bound: Bound = (hostsOff, { unplaced }) => {
    const zones = unplaced.filter(({ why }) => why !== 'zone').map(({ server }) => server.zone);
    return proofOf(placement.hosts, placement.servers, new Set(hostsOff), zones) !== undefined;
  };
  return { model: compile(cloud.value, topologyOf(cloud.name, cloud.value)), placement, bound };
}

/**
 * `queue-a-1,rack/b` as one failure.
 * @throws TandemError `no-such-part`, `ambiguous-part`
 */
export function parseOff({ topology }: FailureModel, names: string): Failure {
  return names
    .split(',')
    .map((name) => name.trim())
    .map((name) => {
      const [part, ...others] = findParts(topology, name);
      if (part === undefined) {
        const known = partsOf(topology).map((each) => each.name);
        throw noSuchPart(topology.cloud, name, nearestOf(name, known));
      }
      if (others.length > 0) throw ambiguousPart(name, [part, ...others].map(partId));
      return part;
    });
}
