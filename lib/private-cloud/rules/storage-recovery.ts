import { storedGiB } from '../../config/demand.ts';
import type { Problem } from '../../config/diagnostic.ts';
import { demandsOn } from '../../config/placed-leases.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import { counted } from '../../text/plural.ts';
import { worstRecovery } from '../placement/storage-room.ts';
import { topologyOf } from '../topology/topology.ts';

/**
 * What leases take of Ceph still fits in all copies once the lost ones are made again, after the loss of any one storage host or rack.
 * Where it does not, Ceph answers on with a copy fewer, and the next loss may stop it. More than there is at all, `no-capacity` tells.
 */
export function checkStorageRecovery(input: RuleInput): Problem[] {
  return [...input.clouds.values()].flatMap(({ name, value, origin }) => {
    const worst = worstRecovery(value, topologyOf(name, value));
    if (worst === undefined) return [];
    const taken = demandsOn(input, name).reduce((sum, demand) => sum + storedGiB(value, demand), 0);
    const { usableGiB } = value.storage;
    if (taken <= worst.atMostGiB || taken > usableGiB) return [];
    const message = `got ${usableGiB}; leases take ${taken} GiB, and after the loss of ${worst.kind} ${worst.name} Ceph makes its copies again on ${counted(worst.onto.length, 'host')}, up to 90 % of each disk: ${worst.atMostGiB} GiB fit`;
    return [
      origin
        .at('storage', 'usableGiB')
        .problem('storage-no-recovery', message, 'add storage hosts, or end or shrink a lease', {
          severity: 'warning',
        }),
    ];
  });
}
