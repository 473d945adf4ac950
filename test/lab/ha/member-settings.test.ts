import { describe, expect, it } from 'vitest';
import { TARGETS } from '../../../lab/ha/adaptations.ts';
import { configured, renderedFiles } from '../../../lab/ha/configure.ts';
import { CONTROLLERS, hostNamed } from '../../../lab/ha/hosts.ts';
import { forMembers } from '../../../lab/ha/member-settings.ts';
import { everywhere, type HaMembers, membersInInventory, STARTING } from '../../../lab/ha/members.ts';
import { controllerServices } from '../../../lab/ha/services.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';

const FIRST = hostNamed('control-a-1');
const four = everywhere(['control-a-1', 'control-b-1', 'control-c-1', 'control-d-1']);
const later = everywhere(['control-b-1', 'control-c-1', 'control-d-1']);

describe('settings for other members', () => {
  it.each(CONTROLLERS.map(({ name }) => name))(
    'are what Kolla wrote for %s, made from those of the first',
    async (name) => {
      const made = forMembers(await renderedFiles(FIRST.name), FIRST, hostNamed(name), STARTING);
      const wrote = await renderedFiles(name);
      for (const path of Object.keys(TARGETS)) expect(made.get(path), path).toBe(wrote.get(path));
    },
  );

  it('name a fourth member wherever members are named, and keep all else', async () => {
    const { files } = await configured(FIRST, SHIPPED_TIMERS, four);
    const { files: before } = await configured(FIRST, SHIPPED_TIMERS);
    const named = [...files].filter(([path, text]) => text !== before.get(path)).map(([path]) => path);
    expect(named.sort()).toEqual([
      'haproxy/haproxy.cfg',
      'haproxy/services.d/keystone.cfg',
      'haproxy/services.d/neutron-server.cfg',
      'haproxy/services.d/nova-api.cfg',
      'keepalived/keepalived.conf',
      'keystone/keystone.conf',
      'mariadb/galera.cnf',
      'neutron-server/ml2_conf.ini',
      'neutron-server/neutron.conf',
      'nova-api/nova.conf',
      'rabbitmq/rabbitmq.conf',
    ]);
    for (const path of named) expect(files.get(path), path).toMatch(/control-d-1|10\.66\.0\.14/);
  });

  it('name no member that has left, and a new host by its own address', async () => {
    const { files } = await configured(hostNamed('control-d-1'), SHIPPED_TIMERS, later);
    for (const [path, text] of files) expect(text, path).not.toMatch(/control-a-1|10\.66\.0\.11\b/);
    expect(files.get('mariadb/galera.cnf')).toContain('wsrep_node_name = control-d-1');
    expect(files.get('keepalived/keepalived.conf')).toContain('priority 3');
  });
});

describe('services of a host', () => {
  it('are those of its groups', () => {
    const members: HaMembers = { ...STARTING, mariadb: ['control-b-1'], loadbalancer: ['control-b-1'] };
    const names = controllerServices(FIRST, SHIPPED_TIMERS, members).map(({ name }) => name);
    expect(names).not.toContain('mariadb');
    expect(names).not.toContain('keepalived');
    expect(names).toContain('rabbitmq');
  });

  it('follow an inventory through its groups of groups', () => {
    const groups = [
      { name: 'control', hosts: ['control-a-1'], children: [] },
      { name: 'mariadb', hosts: [], children: ['control'] },
      { name: 'rabbitmq', hosts: ['control-b-1'], children: ['control'] },
    ];
    expect(membersInInventory(groups)).toEqual({
      control: ['control-a-1'],
      mariadb: ['control-a-1'],
      rabbitmq: ['control-b-1', 'control-a-1'],
      'ovn-database': [],
      loadbalancer: [],
    });
  });
});
