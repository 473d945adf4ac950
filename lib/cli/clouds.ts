import type { Entity, Project } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { nearestOf } from '../config/suggest.ts';
import { ambiguousPart, noSuchCloud, noSuchPart } from '../private-cloud/errors.ts';
import type { Bound, EffectInputs } from '../private-cloud/failure/effect.ts';
import { type Failure, findParts, partId, partsOf } from '../private-cloud/failure/failures.ts';
import { compile, type FailureModel } from '../private-cloud/failure/model.ts';
import { placeLeases } from '../private-cloud/placement.ts';
import { proofOf } from '../private-cloud/survival.ts';
import { topologyOf } from '../private-cloud/topology.ts';

/** The cloud that is named; else the first of several hosts, else the organisation's. @throws TandemError `no-such-cloud` */
export function chooseCloud(project: Project, name: string | undefined): Entity<Cloud> {
  const clouds = [...project.clouds.values()];
  const wanted =
    name ?? clouds.find(({ value }) => value.vips !== undefined)?.name ?? project.organisation.value.defaultCloud;
  const cloud = project.clouds.get(wanted);
  if (cloud === undefined) throw noSuchCloud(wanted, [...project.clouds.keys()]);
  return cloud;
}

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
