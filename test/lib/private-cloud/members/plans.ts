import { type MemberProblem, simulateMembers } from '../../../../lib/cloud-operations/members/simulate.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { type InventoryGroup, inventoryGroups } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { inventoryOfBoth, membersIn } from '../../../../lib/private-cloud/members/groups.ts';
import { planMembers } from '../../../../lib/private-cloud/members/plan.ts';
import { placesOf } from '../../../../lib/private-cloud/members/questions.ts';
import type { MemberStep } from '../../../../lib/private-cloud/members/step.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { cloudOf } from '../kolla/layouts.ts';

/** A change of members as tests make it, with all that a simulation needs. */
export interface Journey {
  readonly standing: readonly InventoryGroup[];
  readonly wanted: readonly InventoryGroup[];
  readonly off?: readonly string[];
}

export const groupsOf = (cloud: Cloud): InventoryGroup[] => inventoryGroups(topologyOf('cloud', cloud), true);

/** Hosts of any name have an address. */
function addressOf(host: string): string {
  let sum = 0;
  for (const letter of host) sum = (sum * 31 + letter.charCodeAt(0)) % 65_000;
  return `10.20.${Math.floor(sum / 250)}.${(sum % 250) + 1}`;
}

export function stepsOf({ standing, wanted, off = [] }: Journey): MemberStep[] {
  return planMembers({
    ...{ from: membersIn(standing), to: membersIn(wanted), standing, inventory: inventoryOfBoth(standing, wanted) },
    ...{ engine: 'docker', addressOf, off: new Set(off), hasVips: true },
  });
}

export async function problemsOf(journey: Journey, steps = stepsOf(journey)): Promise<MemberProblem[]> {
  const { standing, wanted, off = [] } = journey;
  const inventory = inventoryOfBoth(standing, wanted);
  const hosts = [...new Set(inventory.flatMap((group) => group.hosts))];
  const vips = ['10.10.0.250'];
  const addresses = new Map(hosts.map((host) => [host, addressOf(host)]));
  const places = { ...placesOf(wanted, { hosts: [] }, cloudOf('separated')), vips, addresses };
  return await simulateMembers(steps, { standing, wanted, inventory, places, addresses, vips, off: new Set(off) });
}
