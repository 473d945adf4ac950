import type { Cloud } from '../../config/schema/cloud.ts';
import { type DarkStart, type DarkStartTarget, playDarkStart } from '../../private-cloud/drill/dark-start.ts';
import { asDrill } from '../../private-cloud/drill/errors.ts';
import { inventoryGroups } from '../../private-cloud/kolla/inventory.ts';
import type { CloudHosts, KollaPlays } from '../../private-cloud/members/ports.ts';
import { placesOf } from '../../private-cloud/members/questions.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { leadRecovery } from './lead-recovery.ts';

/** Of racks, as hosts of theirs get power; `early`: one whose power goes earlier than the others', which then have newer writes. */
export interface DarkOrder {
  readonly order: readonly string[];
  readonly early?: string;
  /** Galera finds its last members by itself. @default false */
  readonly keepsView?: boolean;
}

export interface DarkStartsOptions {
  readonly cloud: Cloud;
  readonly target: DarkStartTarget;
  readonly ports: { readonly hosts: CloudHosts; readonly plays: KollaPlays };
  readonly run: string;
  readonly signal: AbortSignal;
  readonly say: (what: string) => void;
  /** After each. */
  readonly played: (outcome: DarkStart) => void;
}

/** Plays dark starts one after the other, each led through by what `cloud recover` does. */
export async function runDarkStarts(orders: readonly DarkOrder[], options: DarkStartsOptions): Promise<void> {
  const { cloud, target, ports, run, signal, say, played } = options;
  const { kolla } = cloud;
  if (kolla === undefined) throw new RangeError('the drill’s cloud has no section kolla');
  const topology = topologyOf('drill', cloud);
  const inventory = inventoryGroups(topology, false);
  const recovery = { ...ports, inventory, asked: placesOf(inventory, topology, cloud) };
  for (const [index, { order, early, keepsView = false }] of orders.entries()) {
    const name = `dark-start-${index + 1}`;
    const playing = playDarkStart(target, {
      run: `${run}-${name}`,
      ...{ order, keepsView },
      early: early === undefined ? [] : [early],
      recover: async () => await leadRecovery('drill', kolla, recovery, say, signal),
      say,
    });
    played(await asDrill(name, playing));
  }
}

/** Every order of these, each once. Pure. */
export function ordersOf(hosts: readonly string[]): readonly (readonly string[])[] {
  if (hosts.length < 2) return [hosts];
  return hosts.flatMap((first) => ordersOf(hosts.filter((host) => host !== first)).map((rest) => [first, ...rest]));
}
