/**
 * The real kolla-ansible accepts the tree of every layout, and makes of it what the configuration means. The
 * layouts with several of everything take minutes: with `npm run test:chaos`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TIMERS } from '../../../lib/config/timers.ts';
import { inventoryGroups, membersOf } from '../../../lib/private-cloud/kolla/inventory.ts';
import { topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
import { sample } from '../../chaos.ts';
import { cloudOf } from '../../lib/private-cloud/kolla/layouts.ts';
import { generateConfiguration, type Site, writeSite } from './kolla.ts';
import { addressesIn, allResults, backEnds, resultOf, valueOf } from './result.ts';

/** Who is behind each API, by the inventory's group. */
const BEHIND: Readonly<Record<string, string>> = {
  keystone: 'keystone',
  glance_api: 'glance-api',
  placement_api: 'placement-api',
  nova_api: 'nova-api',
  neutron_server: 'neutron-server',
  cinder_api: 'cinder-api',
  octavia_api: 'octavia-api',
  designate_api: 'designate-api',
};

describe.each(['starter' as const, ...sample(['converged', 'separated'] as const, 0)])('the layout %s', (layout) => {
  const cloud = cloudOf(layout);
  const topology = topologyOf('cloud', cloud);
  const groups = inventoryGroups(topology, cloud.storage.backend === 'ceph');
  const members = (group: string) => membersOf(groups, group);
  const address = (host: string) => topology.hosts.find(({ name }) => name === host)?.addresses.internal ?? '';
  const addresses = (group: string) => members(group).map(address);
  const several = layout !== 'starter';
  const folder = mkdtempSync(join(tmpdir(), `tandem-kolla-${layout}-`));
  let site: Site;
  beforeAll(async () => {
    site = writeSite(folder, 'cloud', cloud);
    await generateConfiguration(site);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives Galera and RabbitMQ their members', () => {
    for (const host of members('mariadb')) {
      const expected = several ? addresses('mariadb').map((each) => `${each}:4567`) : [];
      const own = resultOf(folder, host, 'mariadb/galera.cnf');
      expect(valueOf(own, 'wsrep_cluster_address')).toBe(`gcomm://${expected.join(',')}`);
    }
    for (const host of members('rabbitmq')) {
      const nodes = [...resultOf(folder, host, 'rabbitmq/rabbitmq.conf').matchAll(/nodes\.\d+ = rabbit@(\S+)/g)];
      expect(nodes.map((each) => each[1])).toEqual(members('rabbitmq'));
    }
  });

  it('gives OVN its raft members, and northd both databases', () => {
    const list = (group: string, port: number) =>
      addresses(group)
        .map((each) => `tcp:${each}:${port}`)
        .join(',');
    for (const host of members('ovn-nb-db')) {
      expect(resultOf(folder, host, 'ovn-nb-db/config.json')).toContain(`--db-nb-cluster-local-addr=${address(host)} `);
      expect(resultOf(folder, host, 'ovn-sb-db/config.json')).toContain(`--db-sb-cluster-local-addr=${address(host)} `);
      const northd = resultOf(folder, host, 'ovn-northd/config.json');
      expect(northd).toContain(`--ovnnb-db=${list('ovn-nb-db', 6641)} --ovnsb-db=${list('ovn-sb-db', 6642)}`);
    }
    expect(members('ovn-nb-db')).toHaveLength(several ? 3 : 1);
  });

  it('runs memcached beside Keystone, and Keystone asks its own host first', () => {
    for (const host of members('keystone')) {
      expect(resultOf(folder, host, 'memcached/config.json')).toContain(address(host));
      const keystone = resultOf(folder, host, 'keystone/keystone.conf');
      expect(valueOf(keystone, 'memcache_servers')).toBe(`${address(host)}:11211`);
      for (const broker of addresses('rabbitmq'))
        expect(valueOf(keystone, 'transport_url')).toContain(`@${broker}:5672`);
    }
  });

  it('points at no host that is not there', () => {
    const known = new Set([
      ...topology.hosts.flatMap((host) => Object.values(host.addresses)),
      ...[cloud.vips?.internal.address, cloud.vips?.external?.address, '0.0.0.0', '127.0.0.1'],
    ]);
    const files = allResults(folder);
    expect(files.length).toBeGreaterThan(several ? 80 : 20);
    for (const path of files) {
      const [, host = '', ...rest] = path.split('/');
      expect(topology.hosts.map(({ name }) => name)).toContain(host);
      const strangers = addressesIn(resultOf(folder, host, rest.join('/'))).filter((each) => !known.has(each));
      expect(strangers, path).toEqual([]);
    }
  });

  it('brings the settings of clients to where they are read', () => {
    for (const host of members('keystone')) {
      const keystone = resultOf(folder, host, 'keystone/keystone.conf');
      expect(valueOf(keystone, 'connection_parameters')).toBe(
        `connect_timeout=${TIMERS.databaseConnect.value}&read_timeout=${TIMERS.databaseRead.value}`,
      );
      expect(valueOf(keystone, 'heartbeat_timeout_threshold')).toBe(String(TIMERS.amqpHeartbeat.value));
      expect(valueOf(keystone, 'memcache_socket_timeout')).toBe(String(TIMERS.memcachedTimeout.value));
    }
  });

  it.runIf(!several)('has no balancer where there is one controller', () => {
    for (const host of members('control'))
      for (const service of ['haproxy', 'keepalived', 'proxysql'])
        expect(existsSync(join(folder, 'out', host, service)), service).toBe(false);
  });

  describe.runIf(several)('with several of everything', () => {
    it('has each API behind every balancer, on every host that runs it', () => {
      for (const balancer of members('loadbalancer')) {
        const found = backEnds(folder, balancer);
        for (const [name, group] of Object.entries(BEHIND)) {
          const [, servers = []] = [...found].find(([each]) => each.startsWith(name)) ?? [];
          const hosts = servers.map((each) => each.replace(/:\d+$/, ''));
          expect(hosts, name).toEqual(members(group).map((host) => `${host} ${address(host)}`));
        }
      }
    });

    it('gives keepalived one router id, a priority of its own each, all peers and both addresses', () => {
      const priorities = members('loadbalancer').map((host) => {
        const own = resultOf(folder, host, 'keepalived/keepalived.conf');
        expect(own).toContain(`virtual_router_id ${cloud.vips?.routerId ?? 0}\n`);
        expect(own).toContain(`unicast_src_ip ${address(host)}\n`);
        for (const peer of addresses('loadbalancer').filter((each) => each !== address(host)))
          expect(own).toContain(`        ${peer}\n`);
        expect(own).toContain(`${cloud.vips?.internal.address ?? ''} dev bond0.100\n`);
        expect(own).toContain(`${cloud.vips?.external?.address ?? ''} dev bond0.101\n`);
        return /priority (\d+)/.exec(own)?.[1];
      });
      expect(priorities).toEqual(['1', '2', '3']);
    });

    it('has ProxySQL know every database', () => {
      for (const host of members('loadbalancer')) {
        const servers = [...resultOf(folder, host, 'proxysql/proxysql.yaml').matchAll(/address: "(\S+)"/g)];
        expect(servers.map((each) => each[1])).toEqual(addresses('mariadb'));
      }
    });

    it('brings the failover settings to where they are read', () => {
      const [balancer = ''] = members('loadbalancer');
      const keepalived = resultOf(folder, balancer, 'keepalived/keepalived.conf');
      expect(keepalived).toContain(`advert_int ${TIMERS.vrrpAdvert.value}\n`);
      expect(keepalived).toContain(`vrrp_garp_master_refresh ${TIMERS.vrrpArpRefresh.value}\n`);
      const haproxy = resultOf(folder, balancer, 'haproxy/services.d/keystone.cfg');
      expect(haproxy).toContain(
        `check inter ${TIMERS.checkInterval.value * 1000}ms fastinter ${TIMERS.checkFastInterval.value * 1000}ms `,
      );
      expect(haproxy).toContain(`fall ${TIMERS.checkFallCount.value} rise ${TIMERS.checkRiseCount.value} `);
      expect(resultOf(folder, balancer, 'haproxy/haproxy.cfg')).toContain(
        `timeout check ${TIMERS.checkTimeout.value * 1000}ms`,
      );
      expect(resultOf(folder, balancer, 'proxysql/proxysql.yaml')).toContain(
        `monitor_galera_healthcheck_interval: "${TIMERS.proxysqlCheckInterval.value * 1000}"`,
      );
      const [database = ''] = members('mariadb');
      const galera = resultOf(folder, database, 'mariadb/galera.cnf');
      expect(valueOf(galera, 'wsrep_provider_options')).toContain(
        `evs.suspect_timeout=PT${TIMERS.galeraSuspect.value}S`,
      );
      expect(valueOf(galera, 'innodb_flush_log_at_trx_commit')).toBe('1');
      const [queue = ''] = members('rabbitmq');
      expect(resultOf(folder, queue, 'rabbitmq/rabbitmq-env.conf')).toContain(
        `-kernel net_ticktime ${TIMERS.netTick.value} `,
      );
      expect(valueOf(resultOf(folder, queue, 'rabbitmq/rabbitmq.conf'), 'cluster_partition_handling')).toBe(
        'pause_minority',
      );
    });
  });
});
