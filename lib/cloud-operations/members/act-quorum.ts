import { readBroker, readQueues, readRaft } from '../../private-cloud/members/answers.ts';
import type { QueueMembers } from '../../private-cloud/members/membership.ts';
import type { HostCommand } from '../../private-cloud/members/ports.ts';
import { askBroker, askQueues, askRaft, inBroker, inRaft, nodeOf } from '../../private-cloud/members/questions.ts';
import type { Action } from '../../private-cloud/members/step.ts';
import { type ActionPlace, type ActionPorts, run } from './action-ports.ts';
import { StepFault } from './errors.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** Rounds in which copies are asked for; a copy that lags behind forbids the next one until it has caught up. */
const ROUNDS = 60;

/** The first of some hosts that gives an answer, and what it says. @throws StepFault where none does */
async function firstAnswer<T>(
  hosts: readonly string[],
  { hosts: port }: ActionPorts,
  { signal }: ActionPlace,
  ask: (host: string) => HostCommand,
  read: (stdout: string, host: string) => T | undefined,
): Promise<{ readonly host: string; readonly said: T }> {
  for (const host of hosts) {
    const { code, stdout } = await port.run(ask(host), signal);
    const said = code === 0 ? read(stdout, host) : undefined;
    if (said !== undefined) return { host, said };
  }
  const [program = ''] = ask(hosts[0] ?? '').argv;
  throw new StepFault(`none of ${hosts.join(', ')} answers ${program}`);
}

/**
 * Gives every queue and stream that is there now a copy on a host, or takes it away, and waits until the brokers say so: quorum queues by
 * one command, each stream by its own.
 */
export async function moveCopies(
  { change, host, by }: Of<'copies'>,
  ports: ActionPorts,
  place: ActionPlace,
): Promise<void> {
  // A broker that gets copies may be asked itself; one that loses them is about to stop.
  const others = change === 'add' ? by : by.filter((each) => each !== host);
  let wanted: ReadonlySet<string> | undefined;
  let left: readonly QueueMembers[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    place.signal.throwIfAborted();
    const { host: asked, said } = await firstAnswer(others, ports, place, askQueues, readQueues);
    wanted ??= new Set(said.map(({ name }) => name));
    left = said.filter((queue) => wanted?.has(queue.name) === true && !isDone(queue, change, host));
    if (left.length === 0) return;
    const last = left.find(({ members }) => change === 'remove' && members.length < 2);
    if (last !== undefined) throw new StepFault(`${host} has the only copy of the ${last.type} queue ${last.name}`);
    await askForCopies(left, change, host, asked, ports, place);
    place.onWait?.(`${left.length} queues and streams are to ${change === 'add' ? 'get a copy on' : 'leave'} ${host}`);
    if (round > 0) await ports.sleep(5, place.signal);
  }
  const names = left.slice(0, 5).map(({ name }) => name);
  throw new StepFault(
    `${left.length} queues ${change === 'add' ? 'have no working copy on' : 'still have a copy on'} ${host}: ${names.join(', ')}`,
  );
}

function isDone({ members, online }: QueueMembers, change: 'add' | 'remove', host: string): boolean {
  return change === 'add' ? online.includes(host) : !members.includes(host);
}

async function askForCopies(
  queues: readonly QueueMembers[],
  change: 'add' | 'remove',
  host: string,
  by: string,
  { hosts }: ActionPorts,
  { signal }: ActionPlace,
): Promise<void> {
  const lacking = queues.filter(({ members }) => members.includes(host) === (change === 'remove'));
  const node = nodeOf(host);
  // Their exit codes are no answer: the next look at the queues is.
  if (lacking.some(({ type }) => type === 'quorum')) {
    const argv = change === 'add' ? ['rabbitmq-queues', 'grow', node, 'all'] : ['rabbitmq-queues', 'shrink', node];
    await hosts.run(inBroker(by, argv, 300), signal);
  }
  for (const { name } of lacking.filter(({ type }) => type === 'stream'))
    await hosts.run(
      inBroker(by, ['rabbitmq-streams', `${change === 'add' ? 'add' : 'delete'}_replica`, name, node], 60),
      signal,
    );
}

/** Its queues' leaders and its clients go to others before it stops; one that no longer runs has none. */
export async function drainBroker(host: string, ports: ActionPorts, { signal }: ActionPlace): Promise<void> {
  const { code } = await ports.hosts.run(askBroker(host), signal);
  if (code === 0) await run(ports, inBroker(host, ['rabbitmq-upgrade', 'drain'], 300), signal);
}

export async function forgetBroker(
  { host, by }: Of<'forget-broker'>,
  ports: ActionPorts,
  place: ActionPlace,
): Promise<void> {
  const { host: asked, said } = await firstAnswer(by, ports, place, askBroker, (stdout, each) =>
    readBroker(each, stdout),
  );
  if (!said.known.includes(host)) return;
  await run(ports, inBroker(asked, ['rabbitmqctl', 'forget_cluster_node', nodeOf(host)], 120), place.signal);
}

export async function kick(
  { database, host, address, by }: Of<'kick'>,
  ports: ActionPorts,
  place: ActionPlace,
): Promise<void> {
  const ask = (each: string) => askRaft(each, database);
  const read = (stdout: string, each: string) => readRaft(each, database, stdout, place.places.addresses);
  const others = by.filter((each) => each !== host);
  const { host: asked, said } = await firstAnswer(others, ports, place, ask, read);
  if (!said.servers.some((server) => server.address === address)) return;
  await run(ports, inRaft(asked, database, ['cluster/kick', database, address]), place.signal);
}
