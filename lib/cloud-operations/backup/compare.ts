import { TandemError } from '../../errors/tandem-error.ts';
import {
  askDomains,
  askNorthbound,
  type Differences,
  differencesOf,
  type KnownResources,
  type Resource,
  readDomains,
  readNorthbound,
} from '../../private-cloud/backup/differences.ts';
import { type InventoryGroup, membersOf } from '../../private-cloud/kolla/inventory.ts';
import type { CloudHosts, HostCommand } from '../../private-cloud/members/ports.ts';
import { runCommand } from '../run.ts';
import { comparisonFailed } from './errors.ts';

export interface ComparePorts {
  readonly hosts: CloudHosts;
  /** Asked of the services, as an operator. */
  readonly known: (signal: AbortSignal) => Promise<KnownResources>;
}

export interface ComparedCloud {
  readonly cloud: string;
  /** Id of the one that was restored. */
  readonly backup: string;
  readonly inventory: readonly InventoryGroup[];
}

/**
 * Compares what exists in OVN and on compute hosts with what the services know. Changes nothing; what is made or deleted meanwhile may be
 * told. A compute host that does not answer is named.
 * @throws TandemError `comparison-failed`, and those of the services
 */
export async function compareExisting(
  { hosts, known }: ComparePorts,
  { cloud, backup, inventory }: ComparedCloud,
  signal: AbortSignal,
): Promise<Differences> {
  const [northbound = ''] = membersOf(inventory, 'ovn-nb-db');
  const tell = async (command: HostCommand): Promise<string> =>
    (await runCommand(hosts, command, signal, (why) => comparisonFailed(cloud, backup, why))).stdout;
  const unasked: string[] = [];
  const domains = async (host: string): Promise<readonly Resource[]> => {
    try {
      return readDomains(host, await tell(askDomains(host)));
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      unasked.push(host);
      return [];
    }
  };
  const network = readNorthbound(await tell(askNorthbound(northbound)));
  const servers = await Promise.all(membersOf(inventory, 'compute').map(domains));
  return differencesOf([...network, ...servers.flat()], await known(signal), unasked.toSorted());
}
