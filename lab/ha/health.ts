import { CLIENT, CONTROLLERS, type Controller, PORTS } from './hosts.ts';
import type { Room } from './netns-cluster.ts';

/** What stands in the way of a service, or undefined where it does its work. */
export type Verdict = string | undefined;

/** Whether a controller's database is a member in good standing, of as many as there should be. */
export async function galera(room: Room, host: string, members: number): Promise<Verdict> {
  const wanted = "'wsrep_local_state_comment','wsrep_cluster_size','wsrep_cluster_status'";
  const sql = `SHOW STATUS WHERE Variable_name IN (${wanted})`;
  const text = await room.read(host, ['timeout', '15', 'mariadb', '-N', '-e', sql]);
  const status = new Map(text.split('\n').map((line) => line.split('\t') as [string, string]));
  const state = status.get('wsrep_local_state_comment') ?? 'unknown';
  const size = Number(status.get('wsrep_cluster_size'));
  if (state !== 'Synced') return `its database is ${state}`;
  if (status.get('wsrep_cluster_status') !== 'Primary') return 'its database is in a minority';
  return size < members ? `${size} of ${members} databases are together` : undefined;
}

export async function rabbitmq(room: Room, host: string, members: number): Promise<Verdict> {
  const serving = '[N || N <- rabbit_nodes:all_running(), rpc:call(N, rabbit, is_running, []) =:= true]';
  const running = Number(await askBroker(room, host, `length(${serving}).`));
  return running >= members ? undefined : `${running} of ${members} brokers serve together`;
}

/** Whether a host's broker has begun to start and not ended; false where it does not answer. */
export async function isStarting(room: Room, host: string): Promise<boolean> {
  const states = '{is_pid(whereis(rabbit_node_monitor)), rabbit:is_running()}.';
  return (await askBroker(room, host, states).catch(() => '')) === '{true,false}';
}

/** Asked of the running broker itself: a report of rabbitmqctl's costs several times as much. */
async function askBroker(room: Room, host: string, expression: string): Promise<string> {
  return (await room.read(host, ['timeout', '60', 'rabbitmqctl', '-q', 'eval', expression], 'rabbitmq')).trim();
}

/** Whether a database of OVN's is a member that knows its leader. */
export async function ovn(room: Room, host: string, database: 'nb' | 'sb'): Promise<Verdict> {
  const text = await raftStatus(room, host, database);
  const status = /^Status: (.*)$/m.exec(text)?.[1];
  const leader = /^Leader: (.*)$/m.exec(text)?.[1] ?? 'unknown';
  if (status !== 'cluster member') return `OVN's ${database} is ${status ?? 'silent'}`;
  return leader === 'unknown' ? `OVN's ${database} knows no leader` : undefined;
}

/** `leader`, `follower` or `candidate`; undefined where the northbound database of a host does not answer. */
export async function ovnRole(room: Room, host: string): Promise<string | undefined> {
  const text = await raftStatus(room, host, 'nb').catch(() => '');
  return /^Role: (.*)$/m.exec(text)?.[1];
}

async function raftStatus(room: Room, host: string, database: 'nb' | 'sb'): Promise<string> {
  const name = database === 'nb' ? 'OVN_Northbound' : 'OVN_Southbound';
  return await room.read(host, [
    ...['timeout', '15', 'ovn-appctl', '-t', `/run/ovn/ovn${database}_db.ctl`, 'cluster/status', name],
  ]);
}

/** The APIs of some controllers, as the client's host reaches them. */
export async function apis(room: Room, controllers: readonly Controller[], ports: readonly number[]): Promise<Verdict> {
  const urls = controllers.flatMap(({ address }) => ports.map((port) => `http://${address}:${port}/`));
  const text = await room.read(CLIENT.name, ['python3', '/usr/lib/tandem/probe.py', '15', ...urls]);
  const answers = Object.entries(JSON.parse(text) as Record<string, number | string>);
  // 300: a list of versions, of which there are several.
  const bad = answers.find(([, status]) => typeof status !== 'number' || status >= 400);
  return bad === undefined ? undefined : `${bad[0]} answers ${bad[1]}`;
}

/** Everything that should be there, asked in turn: the first thing that is not. */
export async function whole(room: Room, controllers: readonly Controller[] = CONTROLLERS): Promise<Verdict> {
  const count = controllers.length;
  for (const { name } of controllers) {
    const verdict = (await galera(room, name, count)) ?? (await ovn(room, name, 'nb')) ?? (await ovn(room, name, 'sb'));
    if (verdict !== undefined) return `${name}: ${verdict}`;
  }
  const verdict = await apis(room, controllers, [PORTS.keystone, PORTS.nova, PORTS.neutron]);
  if (verdict !== undefined) return verdict;
  const [first] = controllers;
  return first === undefined ? undefined : await rabbitmq(room, first.name, count);
}
