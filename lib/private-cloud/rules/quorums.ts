import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { counted } from '../../text/plural.ts';
import { MAY_STAND_ALONE, type Service, servicesOf, spare, spareOfParts } from '../topology/services.ts';
import { type Topology, type TopologyHost, topologyOf } from '../topology/topology.ts';
import { isHighlyAvailable, list, promiseOf, severityFor } from './availability-level.ts';

/** Services that stand on the same hosts and need the same of them: one problem, not one for each. */
interface Group {
  readonly services: readonly Service[];
  readonly members: readonly TopologyHost[];
  readonly quorum: Service['quorum'];
}

/**
 * Every service that decides by majority has an odd number of members, three or more; every other has two or more; and where the cloud
 * promises to survive a rack, no rack, power feed or switch takes away what it needs. A starter has one of each: there, an even number is warned about, since two are worse
 * than one.
 */
export function checkQuorums({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) => {
    const topology = topologyOf(cloud.name, cloud.value);
    const services = servicesOf(cloud.value, topology);
    const isRack = promiseOf(cloud.value) === 'rack';
    return [
      ...groupsOf(services).flatMap((group) => [
        ...counts(cloud, group),
        ...(isRack ? domains(cloud, topology, group) : []),
      ]),
      ...(isRack ? services.flatMap((service) => partsOf(cloud, topology, service)) : []),
      ...(cloud.value.layout === 'separated' ? notSeparated(cloud) : []),
    ];
  });
}

/** Roles that have dedicated hosts in layout `separated`. */
const SEPARATED = ['database', 'queue', 'load-balancer', 'network', 'ovn'] as const;

function notSeparated({ value, origin }: Entity<Cloud>): Problem[] {
  const groups = Object.values(value.hosts);
  return SEPARATED.flatMap((role) => {
    const own = groups.filter(({ roles }) => roles.includes(role));
    if (own.length > 0 && own.every(({ roles }) => !roles.includes('control'))) return [];
    const message = `got ${own.length === 0 ? `no hosts with the role ${role}` : `${role} on control hosts`}; layout separated has dedicated hosts for it`;
    const fix = `write converged, or add hosts with roles: [${role}]`;
    return [origin.at('layout').problem('role-not-separated', message, fix)];
  });
}

function groupsOf(services: readonly Service[]): Group[] {
  const groups = new Map<string, Service[]>();
  for (const service of services) {
    if (MAY_STAND_ALONE.has(service.role)) continue;
    const key = `${service.quorum} ${service.members.map((host) => host.name).join(' ')}`;
    groups.set(key, [...(groups.get(key) ?? []), service]);
  }
  return [...groups.values()].flatMap((each) => {
    const [first] = each;
    return first === undefined ? [] : [{ services: each, members: first.members, quorum: first.quorum }];
  });
}

function counts(cloud: Entity<Cloud>, group: Group): Problem[] {
  const { members, quorum } = group;
  const count = members.length;
  const who = list(group.services.map(({ name }) => name));
  const at = placeOf(cloud, group);
  const severity = severityFor(cloud);
  if (!isHighlyAvailable(cloud.value)) {
    if (quorum !== 'majority' || count === 0 || count % 2 === 1) return [];
    const message = `got ${count} members for ${who}; an even number tolerates no more failures than one member fewer, and a partition into halves stops it`;
    return [
      at.problem('even-quorum', message, `run them on ${count - 1} or ${count + 1} hosts`, { key: true, severity }),
    ];
  }
  if (quorum === 'any') {
    if (count >= 2) return [];
    const message = `got ${counted(count, 'host')} for ${who}; layout ${cloud.value.layout} must survive the loss of any host`;
    const fix = `run them on 2 or more hosts${promiseOf(cloud.value) === 'rack' ? ', in different racks' : ''}`;
    return [at.problem('too-few-members', message, fix, { key: true })];
  }
  if (count < 3) {
    const message = `got ${counted(count, 'member')} for ${who}; ${count === 0 ? 'no host runs it' : 'with one lost, no majority is left'}`;
    const fix = `run them on 3 hosts${promiseOf(cloud.value) === 'rack' ? ', each in a different rack' : ''}`;
    return [at.problem('quorum-too-small', message, fix, { key: true })];
  }
  if (count % 2 === 1) return [];
  const message = `got ${count} members for ${who}; an even number tolerates no more failures than ${count - 1} members, and a partition into halves stops both halves`;
  return [at.problem('even-quorum', message, `run them on ${count - 1} or ${count + 1} hosts`, { key: true })];
}

/** What fails at once: racks first, so that a feed or switch of one rack repeats nothing that its rack said. */
function domains(cloud: Entity<Cloud>, topology: Topology, group: Group): Problem[] {
  const { members, quorum } = group;
  if (members.length < (quorum === 'majority' ? 3 : 2)) return [];
  return takersOf(topology, members, spare(group)).map((taker) => fallen(cloud, group, taker));
}

/** Each queue of RabbitMQ has three brokers, whichever: where more stand, two of one rack may be a queue's majority and not the cluster's. */
function partsOf(cloud: Entity<Cloud>, topology: Topology, service: Service): Problem[] {
  const { name, members, membersOfPart = members.length } = service;
  if (members.length <= membersOfPart) return [];
  const whole = spare(service);
  const taken = takersOf(topology, members, spareOfParts(service) ?? whole).filter(({ gone }) => gone.length <= whole);
  return taken.map((taker) => {
    const { kind, name: where, gone } = taker;
    const hosts = list(gone.map((host) => host.name));
    const message = `got ${gone.length} of ${members.length} members of ${name} ${kind === 'rack' ? 'in' : 'on'} ${WORDS[kind]} ${where} (${hosts}); each queue has ${membersOfPart} members, whichever: without these it may have no majority left`;
    const { at, fix } = remedy(cloud, taker);
    return at.problem('queue-without-majority', message, `${fix}, or have ${membersOfPart} hosts with the role queue`);
  });
}

interface Taker {
  readonly kind: keyof typeof WORDS;
  readonly name: string;
  readonly gone: readonly TopologyHost[];
}

/** What takes more than so many of some hosts at once. */
function takersOf(topology: Topology, members: readonly TopologyHost[], most: number): Taker[] {
  const kinds = [
    ['rack', topology.racks, (host: TopologyHost, name: string) => host.rack === name],
    ['feed', topology.powerFeeds, (host: TopologyHost, name: string) => host.powerFeeds.every((each) => each === name)],
    ['switch', topology.switches, (host: TopologyHost, name: string) => host.switches.every((each) => each === name)],
  ] as const;
  const told: ReadonlySet<string>[] = [];
  return kinds.flatMap(([kind, names, takes]) =>
    names.flatMap((name) => {
      const gone = members.filter((host) => takes(host, name));
      if (gone.length <= most) return [];
      if (told.some((before) => gone.every((host) => before.has(host.name)))) return [];
      told.push(new Set(gone.map((host) => host.name)));
      return [{ kind, name, gone }];
    }),
  );
}

const WORDS = { rack: 'rack', feed: 'power feed', switch: 'switch' } as const;

function fallen(cloud: Entity<Cloud>, group: Group, taker: Taker): Problem {
  const { kind, name, gone } = taker;
  const who = list(group.services.map((service) => service.name));
  const all = group.members.length;
  const what = group.quorum === 'majority' ? 'majority' : 'all';
  const hosts = list(gone.map((host) => host.name));
  const message = `got ${gone.length} of ${all} members of ${who} ${kind === 'rack' ? 'in' : 'on'} ${WORDS[kind]} ${name} (${hosts}); without it ${group.quorum === 'majority' ? 'no majority is left' : 'none is left'}`;
  const { at, fix } = remedy(cloud, taker);
  return at.problem(`${kind}-holds-${what}`, message, fix);
}

function remedy(cloud: Entity<Cloud>, { kind, gone }: Taker) {
  const last = gone.at(-1);
  const rack = last?.rack ?? '';
  if (kind === 'rack') {
    const fix = 'move hosts to other racks (a majority needs three), or write survives: host for the cloud';
    return { at: cloud.origin.at('hosts', last?.group ?? '', 'rack'), fix };
  }
  return kind === 'feed'
    ? {
        at: cloud.origin.at('racks', rack, 'powerFeeds'),
        fix: 'give the rack a second power feed, or a power feed of its own',
      }
    : {
        at: cloud.origin.at('racks', rack, 'switches'),
        fix: 'give the rack a second switch, or a switch of its own',
      };
}

/** The last group of hosts that carries it; `hosts` where none does. */
function placeOf(cloud: Entity<Cloud>, { members, services }: Group) {
  const isMonitors = services.some(({ name }) => name === 'ceph-mon');
  if (isMonitors && cloud.value.storage.monitors !== undefined) return cloud.origin.at('storage', 'monitors');
  const last = members.at(-1);
  return last === undefined ? cloud.origin.at('hosts') : cloud.origin.at('hosts', last.group);
}
