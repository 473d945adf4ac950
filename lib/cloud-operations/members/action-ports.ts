import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import type {
  CloudApi,
  CloudHosts,
  CommandResult,
  HostCommand,
  KollaPlays,
} from '../../private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../private-cloud/members/questions.ts';
import { runCommand } from '../run.ts';
import { StepFault } from './errors.ts';

/** Through what actions reach a cloud. */
export interface ActionPorts {
  readonly plays: KollaPlays;
  readonly hosts: CloudHosts;
  readonly api: CloudApi;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** Where and when actions run. */
export interface ActionPlace {
  /** What plays find in their inventory. */
  readonly inventory: readonly InventoryGroup[];
  readonly places: MemberPlaces;
  readonly signal: AbortSignal;
  /** Tells what is waited for, in a sentence without secrets. @default nobody */
  readonly onWait?: (text: string) => void;
}

/** A command that must succeed. @throws StepFault */
export function run(
  { hosts }: Pick<ActionPorts, 'hosts'>,
  command: HostCommand,
  signal: AbortSignal,
): Promise<CommandResult> {
  return runCommand(hosts, command, signal, (why) => new StepFault(why));
}
