import { setTimeout as sleep } from 'node:timers/promises';
import { openProjectStores } from '../../deploy/project-stores.ts';
import { actor } from '../../deploy/real.ts';
import { awsCloud } from '../../fleet/look/aws-cloud.ts';
import type { FleetPorts } from '../../fleet/ports.ts';
import { ledgerIn } from '../../fleet/shared-ledger.ts';
import { commandGit } from '../../git/command-git.ts';
import { type ActionContext, warnerOf } from '../context.ts';
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
