import type { Problem } from '../../config/diagnostic.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import { hostNeeds } from '../placement/host-needs.ts';
import { topologyOf } from '../topology/topology.ts';

/**
 * Hosts of the control plane have the memory and the cores that their services need: with less, a database or a broker ends where the
 * kernel is out of memory, on all of them in turn. Of a host that also carries servers, what is kept for itself counts. One problem for
 * each group of hosts.
 */
export function checkHostSizes({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ name, value, origin }) => {
    const topology = topologyOf(name, value);
    return Object.entries(value.hosts).flatMap(([group, { hardware: kind, roles }]) => {
      const hardware = value.hardware[kind];
      const needs = hostNeeds(value, topology, topology.hosts.find((host) => host.group === group)?.name ?? '');
      if (hardware === undefined || needs === undefined) return [];
      const carries = roles.includes('compute');
      const memory = carries ? hardware.reservedMemoryGiB : hardware.memoryGiB;
      const at = (key: string) => origin.at('hardware', kind, key);
      const warn = (key: string, message: string, fix: string) =>
        at(key).problem('host-too-small', message, fix, { severity: 'warning' });
      return [
        ...(memory >= needs.memoryGiB
          ? []
          : [
              warn(
                carries ? 'reservedMemoryGiB' : 'memoryGiB',
                `got ${memory}; ${group} needs ${needs.memoryGiB} GiB for ${needs.what} before any load`,
                carries
                  ? `write ${needs.memoryGiB} or more, or give its roles to other hosts`
                  : 'take hosts with as much, or give roles to hosts of their own',
              ),
            ]),
        ...(hardware.vcpus >= needs.vcpus
          ? []
          : [
              warn(
                'vcpus',
                `got ${hardware.vcpus}; ${group} needs ${needs.vcpus} for ${needs.what}`,
                'take hosts with as many, or give roles to hosts of their own',
              ),
            ]),
      ];
    });
  });
}
