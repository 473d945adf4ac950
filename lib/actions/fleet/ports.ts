import { setTimeout as sleep } from 'node:timers/promises';
import { openProjectStores } from '../../deploy/project-stores.ts';
import { actor } from '../../deploy/real.ts';
import { awsCloud } from '../../fleet/look/aws-cloud.ts';
import type { FleetPorts } from '../../fleet/ports.ts';
import { ledgerIn } from '../../fleet/shared-ledger.ts';
import { giveBackLeft } from '../../fleet/suspensions.ts';
import type { FleetView } from '../../fleet/view.ts';
import { commandGit } from '../../git/command-git.ts';
import { StackId } from '../../stack/id.ts';
import { type ActionContext, inform, warnerOf } from '../context.ts';
import type { OpenFleet } from './open.ts';

export interface OpenPorts extends FleetPorts {
  close(): Promise<void>;
}

/** The stores of the project's organisation, and AWS. */
export async function openPorts(
  context: ActionContext,
  { project, clients, place, account, region }: OpenFleet,
): Promise<OpenPorts> {
  const { root, environment } = context;
  const stores = await openProjectStores({ root, project, environment, warn: warnerOf(context) });
  return {
    ...{ journal: stores.journal, locks: stores.locks, actor: actor(environment) },
    commit: (await commandGit(root).head()) ?? '',
    now: () => new Date(),
    cloud: awsCloud({ ...place, clients }),
    ledger: ledgerIn(stores.ledgers, `${account}/${region}`),
    clock: {
      // Heartbeats and launches are told by AWS's clock.
      now: () => clients.now(),
      sleep: async (milliseconds, signal) => {
        await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      },
    },
    close: () => stores.close(),
  };
}

/** Before anything else is begun: what an interrupted operation left suspended. */
export async function giveBackBefore(
  context: Pick<ActionContext, 'io'>,
  ports: FleetPorts,
  environment: string,
  { group }: FleetView,
): Promise<void> {
  const processes = await giveBackLeft(ports, StackId.cluster(environment), group.suspended);
  if (processes.length > 0) inform(context, gaveBack(processes), 'fleet-gave-back');
}

/** `gave back ReplaceUnhealthy and AZRebalance, which …` */
export function gaveBack(processes: readonly string[]): string {
  return `gave back ${processes.join(', ')}, which an interrupted operation had left suspended`;
}
