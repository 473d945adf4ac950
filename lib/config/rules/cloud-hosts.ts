import type { Problem } from '../diagnostic.ts';
import { hostsOf } from '../hosts.ts';
import type { Entity } from '../project.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/**
 * Hosts stand in racks that exist, of hardware that exists, each with a name of its own; zones are made of racks, each of one zone, with compute hosts; storage monitors
 * stand on hosts that exist, one on a host.
 */
export function checkCloudHosts({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) => [
    ...hostReferences(cloud),
    ...hostNames(cloud),
    ...zones(cloud),
    ...monitors(cloud),
  ]);
}

function hostReferences({ value, origin }: Entity<Cloud>): Problem[] {
  return Object.entries(value.hosts).flatMap(([group, host]) => {
    const at = origin.at('hosts', group);
    const problems: Problem[] = [];
    if (!Object.hasOwn(value.racks, host.rack)) {
      problems.push(unknownName(at.at('rack'), 'rack', host.rack, Object.keys(value.racks)));
    }
    if (!Object.hasOwn(value.hardware, host.hardware)) {
      problems.push(unknownName(at.at('hardware'), 'hardware', host.hardware, Object.keys(value.hardware)));
    }
    const known = value.racks[host.rack]?.switches;
    for (const [index, each] of host.switches.entries())
      if (known !== undefined && !known.includes(each))
        problems.push(unknownName(at.at('switches', index), 'switch', each, known, { where: `in rack ${host.rack}` }));
    return problems;
  });
}

/** As many names as hosts, each once in the cloud. */
function hostNames({ value, origin }: Entity<Cloud>): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(value.hosts).flatMap(([group, { names, count }]) => {
    const at = origin.at('hosts', group, 'names');
    const own = names ?? Array.from({ length: count }, (_, index) => `${group}-${index + 1}`);
    const taken = own.flatMap((name, index) => {
      const other = seen.get(name);
      seen.set(name, other ?? group);
      if (other === undefined) return [];
      const where = names === undefined ? origin.at('hosts', group) : at.at(index);
      const message = `got "${name}", which is the name of a host of ${other} already`;
      return [where.problem('host-names', message, 'give each host a name of its own')];
    });
    if (names === undefined || names.length === count) return taken;
    const message = `got ${count}; names has ${names.length} of them`;
    return [...taken, origin.at('hosts', group, 'count').problem('host-names', message, `write ${names.length}`)];
  });
}

function zones({ value, origin }: Entity<Cloud>): Problem[] {
  const problems: Problem[] = [];
  const zoneOf = new Map<string, string>();
  const taken = new Set(Object.values(value.zones).flatMap((zone) => zone.racks));
  const computeRacks = new Set(
    Object.values(value.hosts)
      .filter((host) => host.roles.includes('compute'))
      .map((host) => host.rack),
  );
  for (const [zone, { racks }] of Object.entries(value.zones)) {
    for (const [index, rack] of racks.entries()) {
      const at = origin.at('zones', zone, 'racks', index);
      const other = zoneOf.get(rack);
      if (!Object.hasOwn(value.racks, rack)) {
        const free = Object.keys(value.racks).filter((each) => !taken.has(each));
        problems.push(unknownName(at, 'rack', rack, free));
      } else if (other !== undefined) {
        const message = `got "${rack}", which is in ${other === zone ? 'this zone already' : `zone ${other} too`}; a host is in one availability zone`;
        problems.push(
          at.problem(
            'rack-in-two-zones',
            message,
            other === zone ? 'remove it' : `remove it, or remove it from zone ${other}`,
          ),
        );
      }
      zoneOf.set(rack, zone);
    }
    // Hosts in an unknown rack may be the ones that are meant to be here.
    const isKnown = [...computeRacks].every((rack) => Object.hasOwn(value.racks, rack));
    if (isKnown && racks.every((rack) => Object.hasOwn(value.racks, rack) && !computeRacks.has(rack))) {
      const message = `got ${racks.join(', ')}; no compute host is in these racks, so nothing could run in the zone`;
      problems.push(
        origin
          .at('zones', zone, 'racks')
          .problem('empty-zone', message, 'add racks with compute hosts, or remove the zone'),
      );
    }
  }
  return problems;
}

function monitors({ value, origin }: Entity<Cloud>): Problem[] {
  if (value.storage.backend !== 'ceph') return [];
  const { monitors: named = [] } = value.storage;
  const hosts = hostsOf(value).map(({ name }) => name);
  const free = hosts.filter((host) => !named.includes(host));
  return named.flatMap((name, index) => {
    const at = origin.at('storage', 'monitors', index);
    if (!hosts.includes(name)) return [unknownName(at, 'host', name, free)];
    if (named.indexOf(name) === index) return [];
    return [at.problem('duplicate-monitor', `got "${name}" a second time; a host carries one monitor`, 'remove it')];
  });
}
