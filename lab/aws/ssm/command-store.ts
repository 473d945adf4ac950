import type { Instance } from '../../../lib/aws-model/ec2-types.ts';
import { modelOf } from '../model/model.ts';
import type { Realm, StoreKey } from '../world.ts';

export interface Command {
  readonly id: string;
  readonly document: string;
  readonly comment: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly sent: number;
  readonly instances: readonly string[];
  readonly byIds: boolean;
  readonly targets: readonly { readonly Key?: string; readonly Values?: readonly string[] }[];
  readonly MaxConcurrency: string;
  readonly TimeoutSeconds: number;
  readonly atOnce: number;
  readonly maxErrors: string;
  cancelledAt: number | undefined;
}

const KEY: StoreKey<Map<string, Command>> = { name: 'ssm-commands', create: () => new Map<string, Command>() };

export function commandStore(realm: Realm): Map<string, Command> {
  return realm.store(KEY);
}

const LOST: StoreKey<Set<string>> = { name: 'ssm-unreachable', create: () => new Set<string>() };

/** Ids of instances whose agent of Systems Manager lost its connection. */
export function unreachable(realm: Realm): Set<string> {
  return realm.store(LOST);
}

/** Instances that are registered: those that are up. */
export function managedInstances(realm: Realm): Instance[] {
  const { ec2 } = modelOf(realm);
  const up: Instance[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = ec2.describeInstances({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }], NextToken });
    up.push(...page.Reservations.flatMap(({ Instances }) => Instances));
    if (page.NextToken === undefined) return up;
    ({ NextToken } = page);
  }
}
