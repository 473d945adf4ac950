import type { Cloud } from '../../config/schema/cloud.ts';
import type { InventoryGroup } from '../kolla/inventory.ts';
import { RELEASE } from '../kolla/release.ts';
import { Placement } from '../kolla/restarts.ts';
import { type Globals, numbersOf, runningServices } from '../kolla/running.ts';
import { type MemberPlaces, placesOf } from '../members/questions.ts';
import type { Topology } from '../topology/topology.ts';

/** What the configuration says of a cloud, in the words in which its hosts are asked. */
export interface ExpectedCloud {
  readonly cloud: string;
  /** Hosts that Kolla looks after, in the inventory's order. */
  readonly hosts: readonly string[];
  /** Names of the containers of each host. */
  readonly containers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that containers of Kolla's release have, here or elsewhere. */
  readonly known: ReadonlySet<string>;
  readonly places: MemberPlaces;
  readonly compute: readonly string[];
  /** Hosts with `ovn-controller`. */
  readonly chassis: readonly string[];
}

export interface ExpectedInputs {
  readonly cloud: Cloud;
  readonly topology: Topology;
  readonly groups: readonly InventoryGroup[];
  /** Values of globals.yml. */
  readonly globals: Globals;
}

/** Pure. */
export function expectedOf({ cloud, topology, groups, globals }: ExpectedInputs): ExpectedCloud {
  const placement = new Placement(groups);
  const hosts = topology.hosts.map(({ name }) => name).filter((name) => placement.members('baremetal').includes(name));
  const services = runningServices(globals);
  const chassis = placement.members('ovn-controller');
  const namesOf = (service: string, container: string) =>
    numbersOf(service, chassis.length, globals).map((number) => (number === '' ? container : `${container}_${number}`));
  const containers = hosts.map((host) => {
    const own = services.filter(({ group }) => placement.members(group).includes(host));
    return [host, new Set(own.flatMap(({ name, container }) => namesOf(name, container)))] as const;
  });
  const known = Object.entries(RELEASE.services).flatMap(([name, { container }]) =>
    container === null ? [] : namesOf(name, container),
  );
  return {
    ...{ cloud: topology.cloud, hosts, containers: new Map(containers), places: placesOf(groups, topology, cloud) },
    known: new Set(known),
    compute: placement.members('compute'),
    chassis,
  };
}
