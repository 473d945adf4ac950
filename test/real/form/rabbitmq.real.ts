import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWhole } from '../../chaos.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const say = (text: string) => process.stdout.write(`${text}\n`);

const BLUEPRINT = `
description: A queue
tiers:
  queue:
    image: debian-12
    flavor: small
    count: 3
    runs: { rabbitmq: { netTickSeconds: 8 } }
    volumes: { data: { sizeGiB: 4 } }
`;
const RUNS = isWhole ? 5 : 1;
const CLIENT = readFileSync(join(import.meta.dirname, 'clients/amqp.escript'), 'utf8');

interface Queue {
  readonly name: string;
  readonly type: string;
  readonly leader: string;
  readonly online: readonly string[];
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('three members of RabbitMQ', () => {
  let lease: FormedLease;

  beforeAll(async () => {
    lease = await formLease({ yaml: BLUEPRINT });
    await lease.healthy();
    for (const server of lease.servers)
      await server.must(['sh', '-c', 'cat > /usr/local/bin/amqp && chmod 755 /usr/local/bin/amqp'], { input: CLIENT });
  });
  afterAll(async () => {
    await lease.stop();
  });

  const client = async (server: FormedServer, what: string, queue: string, ...more: readonly string[]) => {
    const hosts = lease.servers.map(({ address }) => address).join(',');
    const environment = { PASSWORD: lease.secrets['rabbitmq']?.['password'] ?? '' };
    const said = await server.must(['amqp', what, hosts, queue, ...more], { environment });
    return (word: string) =>
      [...said.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));
  };
  const running = async (server: FormedServer) => {
    const said = await server.must(['rabbitmqctl', '-q', 'cluster_status', '--formatter', 'json']);
    return (JSON.parse(said) as { readonly running_nodes: readonly string[] }).running_nodes.toSorted();
  };
  const queue = async (server: FormedServer, name: string): Promise<Queue> => {
    const columns = ['name', 'type', 'leader', 'online'];
    const said = await server.must(['rabbitmqctl', '-q', 'list_queues', '--formatter', 'json', ...columns]);
    const found = (JSON.parse(said) as readonly Queue[]).find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no queue ${name} in ${said}`);
    return found;
  };
  const nodes = () => lease.servers.map(({ name }) => `rabbit@${name}`);
  const other = (leader: string) => lease.servers.find(({ name }) => !leader.endsWith(`@${name}`)) as FormedServer;
  const leading = (leader: string) => lease.servers.find(({ name }) => leader.endsWith(`@${name}`)) as FormedServer;
  const until = async (what: string, isSo: () => Promise<boolean>) => {
    for (let tries = 0; tries < 120; tries += 1) {
      if (await isSo()) return;
      await sleep(1000);
    }
    throw new Error(`never: ${what}`);
  };

  it('found one cluster, though they start together', async () => {
    for (const server of lease.servers) expect(await running(server)).toEqual(nodes());
  });

  it('take their settings from files that their own parser accepts, and refuses with another word', async () => {
    const server = lease.server('queue', 1);
    const plugins = '/usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins';
    const check = (file: string) => [
      'sh',
      '-euc',
      `erl -noshell -pa ${plugins}/*/ebin -eval "Schema = cuttlefish_schema:files(filelib:wildcard(\\"${plugins}/*/priv/schema/*.schema\\")), case cuttlefish_generator:map(Schema, cuttlefish_conf:files([\\"${file}\\", \\"/etc/rabbitmq/conf.d/50-members.conf\\"])) of {error, _, _} = Error -> io:format(\\"~p\\", [Error]), halt(1); Settings -> io:format(\\"~p\\", [Settings]), halt(0) end."`,
    ];
    const settings = await server.must(check('/etc/rabbitmq/rabbitmq.conf'));
    expect(settings).toContain('{cluster_partition_handling,pause_minority}');
    for (const node of nodes()) expect(settings).toContain(`'${node}'`);
    await server.must([
      'sh',
      '-c',
      '(cat /etc/rabbitmq/rabbitmq.conf; echo cluster_partition = ignore) > /tmp/wrong.conf',
    ]);
    const refused = await server.exec(check('/tmp/wrong.conf'));
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('cluster_partition');
  });

  it('lose no confirmed message with the leader of its queue', async () => {
    for (let run = 1; run <= RUNS; run += 1) {
      const name = `orders-${run}`;
      await client(lease.server('queue', 1), 'publish', name, '0');
      const { type, leader, online } = await queue(lease.server('queue', 1), name);
      expect(type).toBe('quorum');
      expect(online.toSorted()).toEqual(nodes());
      const published = client(other(leader), 'publish', name, '15');
      await sleep(4000);
      await leading(leader).kill();
      const said = await published;
      const acked = said('acked')[0] ?? 0;
      expect(acked).toBeGreaterThan(10);
      const got = new Set((await client(other(leader), 'consume', name))('got'));
      const lost = Array.from({ length: acked }, (_, index) => index + 1).filter((number) => !got.has(number));
      expect(lost).toEqual([]);
      say(`rabbitmq, run ${run}: ${acked} confirmed, 0 lost, longest gap ${said('gap')[0]} ms`);
      await leading(leader).boot();
      await lease.healthy();
      await until('the queue has all its members', async () => {
        return (await queue(other(leader), name)).online.length === 3;
      });
    }
  });

  it('stop on the side without a majority, and go on when they are back', async () => {
    const alone = lease.server('queue', 3);
    const isWell = async () => (await alone.exec(['/usr/local/lib/tandem/bring-up', 'health'])).code === 0;
    await alone.cut();
    await until('the one that is alone has stopped', async () => !(await isWell()));
    await until('the others miss it', async () => (await running(lease.server('queue', 1))).length === 2);
    // A queue that is there already: a new one would wait for all of its members.
    expect((await client(lease.server('queue', 1), 'publish', 'orders-1', '10'))('acked')[0]).toBeGreaterThan(0);
    await alone.heal();
    await until('it serves again', isWell);
    await until('all run', async () => (await running(alone)).length === 3);
  });

  it('hand over what they lead before they stop', async () => {
    await client(lease.server('queue', 1), 'publish', 'drained', '1');
    const { leader } = await queue(lease.server('queue', 1), 'drained');
    const drained = leading(leader);
    await drained.must(['/usr/local/lib/tandem/bring-up', 'drain']);
    expect((await queue(other(leader), 'drained')).leader).not.toBe(leader);
    await drained.must(['systemctl', 'restart', 'rabbitmq-server']);
    await lease.healthy();
    const status = await drained.must(['rabbitmqctl', '-q', 'cluster_status', '--formatter', 'json']);
    const { maintenance_status } = JSON.parse(status) as { maintenance_status: Readonly<Record<string, string>> };
    expect(maintenance_status[leader]).toBe('not under maintenance');
  });

  it('back up their definitions, without a password', async () => {
    const server = lease.server('queue', 1);
    await server.must(['sh', '-c', 'mkdir -p /root/kept && /usr/local/lib/tandem/bring-up backup /root/kept']);
    const text = await server.must(['sh', '-c', 'cat "$(find /root/kept -name definitions.json)"']);
    const kept = JSON.parse(text) as { users: readonly { name: string }[]; policies: readonly object[] };
    expect(kept.users.map(({ name }) => name)).toEqual(['app']);
    expect(kept.policies).toHaveLength(1);
    expect(text).not.toContain(lease.secrets['rabbitmq']?.['password']);
  });
});
