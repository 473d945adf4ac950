import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';
import { type Command, commandStore, managedInstances, unreachable } from './command-store.ts';

interface Input {
  readonly CommandId?: string;
  readonly InstanceId?: string;
  readonly InstanceIds?: readonly string[];
  readonly Targets?: readonly { readonly Key?: string; readonly Values?: readonly string[] }[];
  readonly DocumentName?: string;
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
}

const service = modelledService({ name: 'ssm', model: MODELS.ssm, protocol: 'json' }, (name, input, { realm }) =>
  CALLS[name]?.(input, realm),
);

/** Run Command: systems-manager/latest/APIReference/API_SendCommand.html */
export const commands = { service, answers: (call: string): boolean => call in MODELS.ssm.operations };

const CALLS: Readonly<Record<string, (input: Input, realm: Realm) => unknown>> = {
  SendCommand: (input, realm) => ({ Command: shown(realm, send(input, realm)) }),
  CancelCommand: ({ CommandId }, realm) => {
    need(realm, CommandId).cancelledAt ??= realm.world.clock.now();
    return {};
  },
  ListCommands: ({ CommandId, ...page }, realm) => {
    const all = [...commandStore(realm).values()].filter(({ id }) => CommandId === undefined || id === CommandId);
    return paged(
      'Commands',
      all.map((command) => shown(realm, command)),
      page,
      50,
    );
  },
  ListCommandInvocations: ({ CommandId, InstanceId, ...page }, realm) => {
    const all = [...commandStore(realm).values()]
      .filter(({ id }) => CommandId === undefined || id === CommandId)
      .flatMap((command) => command.instances.map((id) => invocation(realm, command, id)))
      .filter((each) => InstanceId === undefined || each.InstanceId === InstanceId);
    return paged('CommandInvocations', all, page, 50);
  },
  GetCommandInvocation: ({ CommandId, InstanceId = '' }, realm) => {
    const command = need(realm, CommandId);
    if (!command.instances.includes(InstanceId)) throw new AwsError('InvocationDoesNotExist', '');
    const { Status, StatusDetails } = invocation(realm, command, InstanceId);
    const ResponseCode = Status === 'Success' ? 0 : -1;
    return { CommandId, InstanceId, DocumentName: command.document, ResponseCode, Status, StatusDetails };
  },
  DescribeInstanceInformation: ({ Filters = [], ...page }, realm) => {
    const all = managedInstances(realm).map(({ InstanceId, PrivateIpAddress }) => ({
      ...{ InstanceId, IPAddress: PrivateIpAddress, ResourceType: 'EC2Instance', PlatformType: 'Linux' },
      PingStatus: unreachable(realm).has(InstanceId) ? 'ConnectionLost' : 'Online',
      LastPingDateTime: realm.world.clock.now(),
    }));
    return paged('InstanceInformationList', all.filter(passes(Filters)), page, 50);
  },
};

/** All filters, each by one of its values; of keys those that a fleet is looked at by. */
function passes(filters: NonNullable<Input['Filters']>) {
  const unknown = filters.find(({ Key }) => Key !== 'InstanceIds' && Key !== 'PingStatus');
  if (unknown !== undefined) throw new AwsError('InvalidFilterKey', `lab/aws does not support the key ${unknown.Key}`);
  return ({ InstanceId, PingStatus }: { readonly InstanceId: string; readonly PingStatus: string }): boolean =>
    filters.every(({ Key, Values }) => Values.includes(Key === 'InstanceIds' ? InstanceId : PingStatus));
}

/** Instances of a call by ids: all of them must be managed. Of a call by targets: those that are. */
function send(input: Input, realm: Realm): Command {
  const { InstanceIds = [], Targets = [], DocumentName = '', MaxConcurrency = '50', TimeoutSeconds = 3600 } = input;
  if ((InstanceIds.length === 0) === (Targets.length === 0))
    throw new AwsError('InvalidParameters', 'Specify either InstanceIds or Targets.');
  // One that lost its connection is in no valid state: the whole call is refused for its sake.
  const managed = managedInstances(realm).filter(({ InstanceId }) => !unreachable(realm).has(InstanceId));
  const unknown = InstanceIds.find((id) => managed.every((each) => each.InstanceId !== id));
  if (unknown !== undefined)
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${unknown}]] not in a valid state for account ${realm.account}`,
    );
  const targeted = managed.filter((instance) =>
    Targets.every(({ Key = '', Values = [] }) => {
      if (Key.toLowerCase() === 'instanceids') return Values.includes(instance.InstanceId);
      const tag = instance.Tags.find((each) => `tag:${each.Key}` === Key);
      return tag !== undefined && Values.includes(tag.Value);
    }),
  );
  const instances = InstanceIds.length > 0 ? [...InstanceIds] : targeted.map(({ InstanceId }) => InstanceId);
  const share = /^(\d+)%$/.exec(MaxConcurrency)?.[1];
  const atOnce = share === undefined ? Number(MaxConcurrency) : Math.ceil((instances.length * Number(share)) / 100);
  const command: Command = {
    id: realm.world.ids.uuid(),
    document: DocumentName,
    comment: input.Comment ?? '',
    parameters: input.Parameters ?? {},
    sent: realm.world.clock.now(),
    ...{ instances, MaxConcurrency, TimeoutSeconds, atOnce: Math.max(1, atOnce), maxErrors: input.MaxErrors ?? '0' },
    byIds: InstanceIds.length > 0,
    targets: Targets,
    cancelledAt: undefined,
  };
  commandStore(realm).set(command.id, command);
  return command;
}

/** How long the script takes on each instance; the next begins when one of the `atOnce` is through. */
const SECONDS = 2;

function invocation(realm: Realm, command: Command, InstanceId: string) {
  const wave = Math.floor(command.instances.indexOf(InstanceId) / command.atOnce);
  const begins = command.sent + wave * SECONDS * 1000;
  const ends = begins + SECONDS * 1000;
  const now = realm.world.clock.now();
  const cancelled = command.cancelledAt !== undefined && command.cancelledAt < ends;
  const status = cancelled ? 'Cancelled' : now >= ends ? 'Success' : now >= begins ? 'InProgress' : 'Pending';
  return {
    CommandId: command.id,
    InstanceId,
    DocumentName: command.document,
    Comment: command.comment,
    RequestedDateTime: command.sent,
    Status: status,
    StatusDetails: status,
  };
}

function shown(realm: Realm, command: Command) {
  const states = command.instances.map((id) => invocation(realm, command, id).Status);
  const count = (wanted: string): number => states.filter((state) => state === wanted).length;
  const open = count('Pending') + count('InProgress');
  const Status =
    open > 0
      ? count('Pending') === states.length
        ? 'Pending'
        : 'InProgress'
      : count('Cancelled') > 0
        ? 'Cancelled'
        : 'Success';
  return {
    CommandId: command.id,
    DocumentName: command.document,
    Comment: command.comment,
    Parameters: command.parameters,
    InstanceIds: command.byIds ? command.instances : [],
    Targets: command.targets,
    RequestedDateTime: command.sent,
    ExpiresAfter: command.sent + command.TimeoutSeconds * 1000,
    Status,
    StatusDetails: Status,
    MaxConcurrency: command.MaxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: command.instances.length,
    CompletedCount: states.length - open,
    ErrorCount: 0,
  };
}

function need(realm: Realm, id = ''): Command {
  const found = commandStore(realm).get(id);
  if (found === undefined) throw new AwsError('InvalidCommandId', '');
  return found;
}

function paged(name: string, all: readonly unknown[], { MaxResults, NextToken = '0' }: Input, most: number) {
  const start = Number(NextToken);
  const end = start + Math.min(MaxResults ?? most, most);
  return { [name]: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
