import { TandemError } from '../../errors/tandem-error.ts';
import { readAddresses, readBroker, readDatabase, readQueues, readRaft } from '../../private-cloud/members/answers.ts';
import type { Membership, QueueMembers, Unanswered } from '../../private-cloud/members/membership.ts';
import type { CloudHosts, HostCommand } from '../../private-cloud/members/ports.ts';
import {
  askAddresses,
  askBroker,
  askDatabase,
  askQueues,
  askRaft,
  type MemberPlaces,
  RAFT_DATABASES,
} from '../../private-cloud/members/questions.ts';

/**
 * Asks the members themselves who belongs to what, all hosts at once. A host that does not answer, or says something that is no answer,
 * is in `unanswered`, and nothing waits longer than the questions' own time limits.
 */
export async function askMembership(hosts: CloudHosts, places: MemberPlaces, signal: AbortSignal): Promise<Membership> {
  const unanswered: Unanswered[] = [];
  const ask = async <T>(
    what: Unanswered['what'],
    command: HostCommand,
    read: (stdout: string) => T | undefined,
  ): Promise<readonly T[]> => {
    const { value, why } = await answerOf(hosts, command, read, signal);
    if (value !== undefined) return [value];
    unanswered.push({ host: command.host, what, why });
    return [];
  };
  const each = async <T>(names: readonly string[], one: (host: string) => Promise<readonly T[]>): Promise<T[]> =>
    (await Promise.all(names.map(one))).flat();
  const [database, brokers, queues, raft, addresses] = await Promise.all([
    each(places.database, (host) => ask('database', askDatabase(host, places), (said) => readDatabase(host, said))),
    each(places.brokers, (host) => ask('broker', askBroker(host), (said) => readBroker(host, said))),
    queuesOf(places.brokers, (host) => ask('queues', askQueues(host), readQueues)),
    each(places.raft, async (host) => {
      const asked = RAFT_DATABASES.map((name) =>
        ask('raft', askRaft(host, name), (said) => readRaft(host, name, said, places.addresses)),
      );
      return (await Promise.all(asked)).flat();
    }),
    each(places.vips.length === 0 ? [] : places.balancers, (host) =>
      ask('vips', askAddresses(host), (said) => withHost(host, readAddresses(said))),
    ),
  ]);
  const vips = places.vips.map((address) => ({
    address,
    hosts: addresses.filter((own) => own.addresses.includes(address)).map(({ host }) => host),
  }));
  return { database, brokers, queues, raft, vips, unanswered };
}

/** From the first broker that answers: each knows all queues. Those that do not are asked anew as brokers, and told there. */
async function queuesOf(
  brokers: readonly string[],
  ask: (host: string) => Promise<readonly QueueMembers[][]>,
): Promise<readonly QueueMembers[]> {
  for (const host of brokers) {
    const [queues] = await ask(host);
    if (queues !== undefined) return queues;
  }
  return [];
}

async function answerOf<T>(
  hosts: CloudHosts,
  command: HostCommand,
  read: (stdout: string) => T | undefined,
  signal: AbortSignal,
): Promise<{ readonly value?: T; readonly why: string }> {
  const [program = ''] = command.argv;
  try {
    const { code, stdout } = await hosts.run(command, signal);
    if (code !== 0)
      return { why: code === 124 ? `${program} took too long` : `${program} ended with exit code ${code}` };
    const value = read(stdout);
    return value === undefined ? { why: `${program} said nothing that is an answer` } : { value, why: '' };
  } catch (error) {
    if (error instanceof TandemError && error.code === 'host-unreachable') return { why: 'does not answer' };
    throw error;
  }
}

function withHost(host: string, addresses: readonly string[] | undefined) {
  return addresses === undefined ? undefined : { host, addresses };
}
