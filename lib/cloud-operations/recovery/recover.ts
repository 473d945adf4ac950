import { setTimeout as sleep } from 'node:timers/promises';
import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import type { CloudHosts, HostCommand, KollaPlays } from '../../private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../private-cloud/members/questions.ts';
import { recoveryStepFailed } from '../../private-cloud/recovery/errors.ts';
import { PATIENCE_SECONDS, type RecoveryPlaces, type RecoveryStep } from '../../private-cloud/recovery/plan.ts';
import { askedFor, faultAfter } from '../../private-cloud/recovery/verify.ts';
import { askMembership } from '../members/ask.ts';
import { runCommand, runPlay } from '../run.ts';

/** What a recovery runs through. */
export interface RecoveryPorts {
  readonly hosts: CloudHosts;
  readonly plays: KollaPlays;
  readonly inventory: readonly InventoryGroup[];
  readonly asked: MemberPlaces;
}

const PAUSE_MS = 1000;

/**
 * Runs one step, and asks the members themselves until it holds. May be repeated.
 * @throws TandemError `recovery-step-failed`
 */
export async function runRecoveryStep(
  ports: RecoveryPorts,
  cloud: string,
  step: RecoveryStep,
  places: RecoveryPlaces,
  signal: AbortSignal,
): Promise<void> {
  const { hosts, plays, inventory } = ports;
  const failed = (why: string, log?: string) => recoveryStepFailed(cloud, step.key, why, log);
  if (step.first !== undefined) {
    const { database } = await askMembership(hosts, askedFor(ports.asked, 'database'), signal);
    // An interrupted recovery may have founded it already. Whatever they end with: there may be nothing to stop.
    const each = async (commands: readonly HostCommand[]): Promise<void> => {
      for (const command of commands) await hosts.run(command, signal);
    };
    if (!database.some(({ synced }) => synced))
      await Promise.all([...Map.groupBy(step.first, ({ host }) => host).values()].map(each));
  }
  if (step.play !== undefined) {
    await runPlay(plays, step.play, inventory, signal, failed);
  }
  await Promise.all(step.commands.map((command) => runCommand(hosts, command, signal, failed)));
  const asked = askedFor(ports.asked, step.expects);
  const deadline = Date.now() + PATIENCE_SECONDS[step.expects] * 1000;
  for (;;) {
    const fault = faultAfter(await askMembership(hosts, asked, signal), step.expects, places);
    if (fault === undefined) return;
    if (Date.now() > deadline) throw failed(fault);
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
