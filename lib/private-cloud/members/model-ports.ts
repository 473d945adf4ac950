import type { QueueMembers, RaftDatabase } from './membership.ts';
import type { CloudModel } from './model.ts';
import { containerOf } from './planning.ts';
import type { CloudApi, CloudHosts, CommandResult, HostCommand, KollaPlays } from './ports.ts';
import { nodeOf, raftAddress } from './questions.ts';

const ok = (stdout = ''): CommandResult => ({ code: 0, stdout, stderr: '' });
const failed = (stderr: string, code = 1): CommandResult => ({ code, stdout: '', stderr });

/** Plays of kolla-ansible on a model. */
export function playsOf(model: CloudModel): KollaPlays {
  return {
    run: async (play, inventory) => {
      const hosts = [...new Set(model.play(play, inventory))];
      const faults = hosts.map((host) => ({ host, task: `Apply ${play.verb}` }));
      return { code: hosts.length === 0 ? 0 : 2, faults, log: 'model' };
    },
  };
}

/** Commands on a model's hosts: those that plans and questions give, in their own words. */
export function hostsOf(model: CloudModel, unreachable: (host: string) => Error): CloudHosts {
  return {
    run: async (command) => {
      if (model.off.has(command.host)) throw unreachable(command.host);
      return answer(model, command);
    },
  };
}

function answer(model: CloudModel, { host, container, argv }: HostCommand): CommandResult {
  const [program = '', ...args] = argv;
  const service = container === 'openvswitch_vswitchd' ? 'openvswitch-vswitchd' : container?.replaceAll('_', '-');
  if (service !== undefined && !model.runs(service, host)) return failed(`Error: No such container: ${container}`);
  if (program === 'mariadb') return ok(databaseOf(model));
  if (program === 'rabbitmqctl' || program.startsWith('rabbitmq-')) return brokerOf(model, host, program, args);
  if (program === 'ovs-appctl') return raftOf(model, host, args.slice(2));
  if (program === 'ovs-vsctl') return ok();
  if (program === 'ip') return ok(addressesOf(model, host));
  if (program === 'systemctl') return systemctl(model, host, args);
  if (program === 'docker' || program === 'podman') return ok();
  if (program === 'cinder-manage') {
    const [, , , from = ''] = args;
    model.volumeServices.delete(from.split('@')[0] ?? '');
    return ok();
  }
  return failed(`${program}: command not found`, 127);
}

function databaseOf(model: CloudModel): string {
  const size = model.membersRunning('mariadb').length;
  const status = {
    cluster_size: size,
    cluster_state_uuid: 'model',
    cluster_status: 'Primary',
    local_state_comment: 'Synced',
  };
  return Object.entries(status)
    .map(([name, value]) => `wsrep_${name}\t${value}`)
    .join('\n');
}

function brokerOf(model: CloudModel, by: string, program: string, args: readonly string[]): CommandResult {
  const known = model.counted.get('rabbitmq') ?? new Set<string>();
  const words = args.filter((word) => !word.startsWith('--') && word !== 'json' && word !== '/');
  const [verb = '', ...rest] = words;
  const host = (rest.at(-1) ?? '').replace('rabbit@', '');
  const name = rest[0] ?? '';
  const change = `${program} ${verb}`;
  if (verb === 'cluster_status') {
    const running = model.membersRunning('rabbitmq').filter((each) => model.runs('rabbitmq', each));
    return ok(
      JSON.stringify({ running_nodes: running.map(nodeOf), disk_nodes: [...known].map(nodeOf), partitions: {} }),
    );
  }
  if (verb === 'list_queues') return ok(JSON.stringify([...model.queues.keys()].map((each) => queueOf(model, each))));
  if (change === 'rabbitmq-upgrade drain') return ok();
  if (change === 'rabbitmqctl forget_cluster_node') {
    if (model.runs('rabbitmq', host)) return failed('Error: node is running');
    return known.delete(host) ? ok() : failed('Error: not_a_cluster_node', 69);
  }
  if (change === 'rabbitmq-queues grow' || change === 'rabbitmq-queues shrink') {
    const target = name.replace('rabbit@', '');
    for (const { type, members } of model.queues.values()) {
      if (type !== 'quorum') continue;
      if (verb === 'grow') members.add(target);
      else members.delete(target);
    }
    model.judge();
    return ok();
  }
  const stream = model.queues.get(name);
  if (stream?.type !== 'stream' || !known.has(by)) return failed(`Error: ${change} ${name}`);
  // A replica that lags behind, as that of a host that is off, forbids another.
  if (verb === 'add_replica' && model.online(stream.members).length < stream.members.size)
    return failed('Error: {:disallowed, :out_of_sync_replica}');
  if (verb === 'add_replica') stream.members.add(host);
  else if (stream.members.size < 2) return failed('Error: last_stream_member');
  else stream.members.delete(host);
  model.judge();
  return ok();
}

function queueOf(model: CloudModel, name: string) {
  const { type, members = new Set<string>() } = model.queues.get(name) ?? { type: 'quorum' as QueueMembers['type'] };
  const online = model.online(members).map(nodeOf);
  return { name, type, members: [...members].map(nodeOf), online, leader: online[0] ?? '' };
}

function raftOf(model: CloudModel, by: string, [command, database, address]: readonly string[]): CommandResult {
  const name = database as RaftDatabase;
  const group = name === 'OVN_Northbound' ? 'ovn-nb-db' : 'ovn-sb-db';
  const counted = model.counted.get(group) ?? new Set<string>();
  const hosts = [...counted].map((host) => [host, raftAddress(model.addresses.get(host) ?? '', name)] as const);
  if (command === 'cluster/kick') {
    const [host] = hosts.find(([, own]) => own === address) ?? [];
    if (host === undefined) return failed('unknown server', 2);
    counted.delete(host);
    model.judge();
    return ok();
  }
  const servers = hosts.map(([, own], at) => `    ${`000${at}`.slice(-4)} (${`000${at}`.slice(-4)} at ${own})`);
  const role = model.raftLeader(name) === by ? 'leader' : 'follower';
  return ok(['Status: cluster member', `Role: ${role}`, 'Servers:', ...servers, ''].join('\n'));
}

function addressesOf(model: CloudModel, host: string): string {
  const local = [model.addresses.get(host) ?? '', ...(model.holder === host ? model.vips : [])];
  return JSON.stringify([{ ifname: 'bond0', addr_info: local.map((address) => ({ local: address })) }]);
}

function systemctl(model: CloudModel, host: string, args: readonly string[]): CommandResult {
  const unitOf = (service: string) => `kolla-${containerOf(service.split('@')[0] ?? '')}-container.service`;
  if (args[0] === 'list-unit-files') {
    const own = [...model.enabled].filter((service) => service.endsWith(`@${host}`));
    return ok(own.map((service) => `${unitOf(service)} enabled enabled`).join('\n'));
  }
  const units = args.filter((word) => word.startsWith('kolla-'));
  if (args[0] === 'disable')
    model.stopUnits(
      host,
      units.map((unit) => unit.slice('kolla-'.length, -'-container.service'.length)),
    );
  return ok();
}

/** What Nova, Neutron and Cinder know in a model. */
export function apiOf(model: CloudModel): CloudApi {
  const nothing = async (): Promise<void> => undefined;
  const isUp = (service: string, host: string) => model.runs(service, host);
  return {
    computeServices: async () =>
      [...model.compute].map(([host, { isEnabled }]) => ({
        id: host,
        host,
        isEnabled,
        isUp: isUp('nova-compute', host),
      })),
    networkAgents: async () =>
      [...model.agents].map((host) => ({
        id: host,
        host,
        type: 'OVN Controller agent',
        isAlive: isUp('ovn-controller', host),
      })),
    volumeServices: async () =>
      [...model.volumeServices].map((host) => ({
        binary: 'cinder-volume',
        host: `${host}@rbd-1`,
        isUp: isUp('cinder-volume', host),
        isEnabled: true,
      })),
    serversOn: async (host) =>
      (model.servers.get(host) ?? []).map((name) => ({ id: name, name, host, status: 'ACTIVE' })),
    volumesOn: async () => [],
    disable: async (host) => void model.compute.set(host, { isEnabled: false }),
    enable: async (host) => void model.compute.set(host, { isEnabled: true }),
    liveMigrate: async (server) => move(model, server),
    forceDown: async (host) => void model.compute.set(host, { isEnabled: false, isForcedDown: true }),
    evacuate: async (server) => {
      const [host = ''] = [...model.servers].find(([, own]) => own.includes(server)) ?? [];
      if (model.compute.get(host)?.isForcedDown === true) move(model, server);
    },
    deleteComputeService: async (host) => void model.compute.delete(host),
    deleteControlServices: nothing,
    deleteAgents: async (host) => {
      if (!isUp('ovn-controller', host)) model.agents.delete(host);
    },
  };
}

function move(model: CloudModel, server: string): void {
  const [from, others] = [...model.servers].find(([, own]) => own.includes(server)) ?? [];
  const to = [...model.compute].find(
    ([host, { isEnabled }]) => host !== from && isEnabled && !model.off.has(host),
  )?.[0];
  if (from === undefined || others === undefined || to === undefined) return;
  model.servers.set(
    from,
    others.filter((each) => each !== server),
  );
  model.servers.set(to, [...(model.servers.get(to) ?? []), server]);
}
