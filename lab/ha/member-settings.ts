import type { Files } from './adapt.ts';
import { type Controller, hostNamed, PORTS } from './hosts.ts';
import type { HaMembers } from './members.ts';

/**
 * Kolla's settings of one controller, as Kolla writes them for another host and other members: only names, addresses and lists of
 * members differ. A test holds it against what Kolla wrote: those of each committed host come out of the first one's. Pure.
 */
export function forMembers(files: Files, base: Controller, host: Controller, members: HaMembers): Files {
  return new Map([...files].map(([path, text]) => [path, withLists(ofHost(text, base, host), host, members)]));
}

function ofHost(text: string, base: Controller, host: Controller): string {
  const tuple = (address: string): string => address.replaceAll('.', ',');
  return text
    .replaceAll(base.address, host.address)
    .replaceAll(tuple(base.address), tuple(host.address))
    .replaceAll(base.name, host.name);
}

function withLists(text: string, host: Controller, members: HaMembers): string {
  const list = (names: readonly string[], of: (each: Controller) => string, separator = ','): string =>
    names.map((name) => of(hostNamed(name))).join(separator);
  const brokers = list(
    members.rabbitmq,
    ({ address }) => `openstack:secret-rabbitmq-password@${address}:${PORTS.rabbitmq}`,
  );
  const nodes = members.rabbitmq.map(
    (name, index) => `cluster_formation.classic_config.nodes.${index} = rabbit@${name}\n`,
  );
  const others = members.loadbalancer.filter((name) => name !== host.name);
  return text
    .replace(/gcomm:\/\/.*/, () => `gcomm://${list(members.mariadb, ({ address }) => `${address}:4567`)}`)
    .replace(/(?:cluster_formation\.classic_config\.nodes\..*\n)+/, () => nodes.join(''))
    .replace(/rabbit:\/\/openstack:\S+?\/\//g, () => `rabbit://${brokers}//`)
    .replace(
      /^memcache_servers = [^,\n]+,.*$/m,
      () => `memcache_servers = ${list(members.control, ({ address }) => `${address}:${PORTS.memcached}`)}`,
    )
    .replace(
      /^(ovn_[ns]b_connection) = .*:(\d+)$/gm,
      (_, key: string, port: string) =>
        `${key} = ${list(members['ovn-database'], ({ address }) => `tcp:${address}:${port}`)}`,
    )
    .replace(/(?:^ {4}server control-\S+ \S+:\d+ .*\n)+/gm, (block) => {
      const [, port = '', rest = ''] = /:(\d+) (.*)\n/.exec(block) ?? [];
      return list(members.control, ({ name, address }) => `    server ${name} ${address}:${port} ${rest}\n`, '');
    })
    .replace(/^( *priority) \d+$/m, (_, key: string) => `${key} ${members.loadbalancer.indexOf(host.name) + 1}`)
    .replace(/( *unicast_peer \{\n)[^}]*?( *\})/, (_, head: string, foot: string) =>
      [head, ...others.map((name) => `        ${hostNamed(name).address}\n`), foot].join(''),
    );
}
