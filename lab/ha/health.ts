import { CLIENT, type Controller, hostNamed, PORTS } from './hosts.ts';
import { type HaMembers, hostsOf } from './members.ts';
import type { NetnsCluster } from './netns-cluster.ts';

/** Why a service is unhealthy; undefined where it is healthy. */
export type Verdict = string | undefined;

/** Whether a controller's database is a synced member of a cluster of the expected size. */
export async function galera(cluster: NetnsCluster, host: string, members: number): Promise<Verdict> {
  const wanted = "'wsrep_local_state_comment','wsrep_cluster_size','wsrep_cluster_status'";
  const sql = `SHOW STATUS WHERE Variable_name IN (${wanted})`;
  const text = await cluster.read(host, ['timeout', '15', 'mariadb', '-N', '-e', sql]);
  const status = new Map(text.split('\n').map((line) => line.split('\t') as [string, string]));
  const state = status.get('wsrep_local_state_comment') ?? 'unknown';
  const size = Number(status.get('wsrep_cluster_size'));
  if (state !== 'Synced') return `its database is in state ${state}, not Synced`;
  if (status.get('wsrep_cluster_status') !== 'Primary') return 'its database is in a minority partition';
  return size < members ? `only ${size} of ${members} databases form a cluster` : undefined;
}

export async function rabbitmq(cluster: NetnsCluster, host: string, members: number): Promise<Verdict> {
  const serving = '[N || N <- rabbit_nodes:all_running(), rpc:call(N, rabbit, is_running, []) =:= true]';
  const running = Number(await askBroker(cluster, host, `length(${serving}).`));
  return running >= members ? undefined : `only ${running} of ${members} brokers serve in one cluster`;
}

/** Whether a host's broker serves: it listens once it has started. Asking rabbitmqctl costs more than the start itself on a busy machine. */
export async function isServing(cluster: NetnsCluster, { name, address }: Controller): Promise<Verdict> {
  const { code } = await cluster.attempt(name, ['bash', '-c', `exec 3<>/dev/tcp/${address}/${PORTS.rabbitmq}`]);
  return code === 0 ? undefined : 'its broker does not serve yet';
}

/** Whether a host's broker has begun to start and not ended; false where it does not answer. */
export async function isStarting(cluster: NetnsCluster, host: string): Promise<boolean> {
  const states = '{is_pid(whereis(rabbit_node_monitor)), rabbit:is_running()}.';
  return (await askBroker(cluster, host, states).catch(() => '')) === '{true,false}';
}

/** Asked of the running broker itself: a report of rabbitmqctl's costs several times as much. */
async function askBroker(cluster: NetnsCluster, host: string, expression: string): Promise<string> {
  return (await cluster.read(host, ['timeout', '60', 'rabbitmqctl', '-q', 'eval', expression], 'rabbitmq')).trim();
}

/** Whether a database of OVN's is a member that knows its leader. */
export async function ovn(cluster: NetnsCluster, host: string, database: 'nb' | 'sb'): Promise<Verdict> {
  const text = await raftStatus(cluster, host, database);
  const status = /^Status: (.*)$/m.exec(text)?.[1];
  const leader = /^Leader: (.*)$/m.exec(text)?.[1] ?? 'unknown';
  if (status !== 'cluster member')
    return `OVN’s ${database} database ${status === undefined ? 'gives no status' : `has status "${status}"`}`;
  return leader === 'unknown' ? `OVN’s ${database} database knows no leader` : undefined;
}

/** `leader`, `follower` or `candidate`; undefined where the northbound database of a host does not answer. */
export async function ovnRole(cluster: NetnsCluster, host: string): Promise<string | undefined> {
  const text = await raftStatus(cluster, host, 'nb').catch(() => '');
  return /^Role: (.*)$/m.exec(text)?.[1];
}

async function raftStatus(cluster: NetnsCluster, host: string, database: 'nb' | 'sb'): Promise<string> {
  const name = database === 'nb' ? 'OVN_Northbound' : 'OVN_Southbound';
  return await cluster.read(host, [
    ...['timeout', '15', 'ovn-appctl', '-t', `/run/ovn/ovn${database}_db.ctl`, 'cluster/status', name],
  ]);
}

/** The APIs of some controllers, as the client's host reaches them. */
export async function apis(
  cluster: NetnsCluster,
  controllers: readonly Controller[],
  ports: readonly number[],
): Promise<Verdict> {
  const urls = controllers.flatMap(({ address }) => ports.map((port) => `http://${address}:${port}/`));
  const text = await cluster.read(CLIENT.name, ['python3', '/usr/lib/tandem/probe.py', '15', ...urls]);
  const answers = Object.entries(JSON.parse(text) as Record<string, number | string>);
  // 300: a list of versions, of which there are several.
  const bad = answers.find(([, status]) => typeof status !== 'number' || status >= 400);
  return bad === undefined ? undefined : `${bad[0]} answers with ${bad[1]}`;
}

/** The first unhealthy service, asked in turn; undefined where every one is healthy. */
export async function firstFault(cluster: NetnsCluster, members: HaMembers): Promise<Verdict> {
  for (const { name } of hostsOf(members)) {
    const verdict =
      (members.mariadb.includes(name) ? await galera(cluster, name, members.mariadb.length) : undefined) ??
      (members['ovn-database'].includes(name)
        ? ((await ovn(cluster, name, 'nb')) ?? (await ovn(cluster, name, 'sb')))
        : undefined);
    if (verdict !== undefined) return `${name}: ${verdict}`;
  }
  const ports = [PORTS.keystone, PORTS.nova, PORTS.neutron];
  const verdict = await apis(cluster, members.control.map(hostNamed), ports);
  if (verdict !== undefined) return verdict;
  const [first] = members.rabbitmq;
  return first === undefined ? undefined : await rabbitmq(cluster, first, members.rabbitmq.length);
}
