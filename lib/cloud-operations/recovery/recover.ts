import { setTimeout as sleep } from 'node:timers/promises';
import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import type { CloudHosts, HostCommand, KollaPlays } from '../../private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../private-cloud/members/questions.ts';
import { recoveryStepFailed } from '../../private-cloud/recovery/errors.ts';
import { PATIENCE_SECONDS, type RecoveryPlaces, type RecoveryStep } from '../../private-cloud/recovery/plan.ts';
import { askedFor, faultAfter } from '../../private-cloud/recovery/verify.ts';
import { askMembership } from '../members/ask.ts';

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
    const { code, faults, log } = await plays.run(step.play, inventory, signal);
    signal.throwIfAborted();
    const [fault] = faults;
    const why =
      fault === undefined ? `kolla-ansible ended with exit code ${code}` : `"${fault.task}" failed on ${fault.host}`;
    if (code !== 0) throw recoveryStepFailed(cloud, step.key, why, log);
  }
  await Promise.all(step.commands.map(async (command) => await tell(ports, cloud, step, command, signal)));
  const asked = askedFor(ports.asked, step.expects);
  const deadline = Date.now() + PATIENCE_SECONDS[step.expects] * 1000;
  for (;;) {
    const fault = faultAfter(await askMembership(hosts, asked, signal), step.expects, places);
    if (fault === undefined) return;
    if (Date.now() > deadline) throw recoveryStepFailed(cloud, step.key, fault, undefined);
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

async function tell(
  { hosts }: RecoveryPorts,
  cloud: string,
  { key }: RecoveryStep,
  command: HostCommand,
  signal: AbortSignal,
): Promise<void> {
  const { code } = await hosts.run(command, signal);
  if (code === 0) return;
  const said = `"${command.argv.join(' ')}" on ${command.host} ended with exit code ${code}`;
  throw recoveryStepFailed(cloud, key, said, undefined);
}
