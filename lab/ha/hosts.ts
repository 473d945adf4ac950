import type { Node } from './netns-cluster.ts';

/** A controller of the drill's cloud; names and addresses are those of cloud.yaml, from which Kolla's settings were made. */
export interface Controller extends Node {
  readonly rack: string;
}

/** Every machine there is: three controllers to begin with, and two that may join them. */
export const HOSTS: readonly Controller[] = ['a', 'b', 'c', 'd', 'e'].map((rack, index) => ({
  name: `control-${rack}-1`,
  address: `10.66.0.${11 + index}`,
  number: index + 1,
  rack,
}));

/** Those for which Kolla's settings are committed, and with which the cloud begins. */
export const CONTROLLERS = HOSTS.slice(0, 3);

/** @throws RangeError where there is no such machine */
export function hostNamed(name: string): Controller {
  const found = HOSTS.find((host) => host.name === name);
  if (found === undefined) throw new RangeError(`there is no controller ${name}`);
  return found;
}

/** Where the drill's client sits: on the switch, with a name space of its own. */
export const CLIENT: Node = { name: 'client', address: '10.66.0.100', number: 100 };

export const VIP = '10.66.0.10';

export const PORTS = {
  keystone: 5000,
  nova: 8774,
  neutron: 9696,
  database: 3306,
  clustercheck: 9200,
  images: 9292,
  rabbitmq: 5672,
  memcached: 11211,
  nb: 6641,
  nbRaft: 6643,
  sb: 6642,
  sbRaft: 6644,
} as const;

export const IMAGE = '11111111-1111-4111-8111-111111111111';
export const FLAVOR = 'drill';
export const REGION = 'RegionOne';
