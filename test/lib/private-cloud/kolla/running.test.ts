import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../../../lib/engines/kolla/read-tree.ts';
import { truth } from '../../../../lib/private-cloud/kolla/condition.ts';
import { RELEASE } from '../../../../lib/private-cloud/kolla/release.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { numbersOf, runningServices, valuesWith } from '../../../../lib/private-cloud/kolla/running.ts';
import { cloudOf, LAYOUTS } from './layouts.ts';

const globalsOf = (layout: (typeof LAYOUTS)[number]) =>
  valuesOf('globals.yml', renderTree('cloud', cloudOf(layout)).files['globals.yml'] ?? '');
const namesOf = (globals: Readonly<Record<string, unknown>>) => runningServices(globals).map(({ name }) => name);

/** What more runs with these switches. */
const more = (globals: Readonly<Record<string, unknown>>, switches: Readonly<Record<string, unknown>>) => {
  const before = namesOf(globals);
  return namesOf({ ...globals, ...switches }).filter((name) => !before.includes(name));
};

describe('the services of a tree', () => {
  it('have no balancer and no valkey where there is one controller', () => {
    const names = namesOf(globalsOf('starter'));
    for (const name of ['haproxy', 'keepalived', 'proxysql', 'valkey-server', 'heat-api'])
      expect(names).not.toContain(name);
    for (const name of ['mariadb', 'rabbitmq', 'nova-compute', 'ovn-nb-db', 'fluentd']) expect(names).toContain(name);
  });

  it('stand where their variables put them', () => {
    const groupOf = (layout: (typeof LAYOUTS)[number], service: string) =>
      runningServices(globalsOf(layout)).find(({ name }) => name === service)?.group;
    expect(groupOf('starter', 'cinder-volume')).toBe('cinder-volume-lvm');
    expect(groupOf('separated', 'cinder-volume')).toBe('cinder-volume');
    expect(groupOf('separated', 'nova-libvirt')).toBe('compute');
    expect(groupOf('separated', 'mariadb')).toBe('mariadb');
  });

  it.each(LAYOUTS)('are on groups of the inventory of the layout %s', (layout) => {
    const switches = Object.keys(RELEASE.readers).filter((name) => !/enable_(?:neutron_|ovs_dpdk)/.test(name));
    const everything = { ...globalsOf(layout), ...Object.fromEntries(switches.map((name) => [name, true])) };
    for (const globals of [globalsOf(layout), everything])
      for (const { name, group } of runningServices(globals)) expect(RELEASE.groups, name).toHaveProperty([group]);
  });

  it('come with what a switch brings along', () => {
    const globals = globalsOf('converged');
    expect(more(globals, { enable_heat: true })).toEqual(['heat-api', 'heat-api-cfn', 'heat-engine']);
    expect(more(globals, { enable_masakari: 'yes' })).toEqual([
      ...['hacluster-corosync', 'hacluster-pacemaker', 'hacluster-pacemaker-remote'],
      ...['masakari-api', 'masakari-engine', 'masakari-instancemonitor', 'masakari-hostmonitor'],
    ]);
    expect(more(globals, { enable_ironic: true })).toContain('nova-compute-ironic');
    expect(more(globals, { enable_prometheus: true })).toContain('prometheus-valkey-exporter');
    expect(more(globals, { enable_central_logging: true })).toContain('opensearch-dashboards');
  });

  it('run where only a host could tell, and a switch that nobody can evaluate is neither on nor off', () => {
    const globals = { ...globalsOf('converged'), enable_heat: "{{ lookup('pipe', 'true') }}" };
    expect(namesOf(globals)).toContain('heat-api');
    const isOn = (name: string) => truth(valuesWith(globals)(name));
    expect(isOn('enable_heat')).toBeUndefined();
    expect(isOn('enable_nova')).toBe(true);
  });

  it('have no number, but relays of the southbound database have one for every fifty chassis', () => {
    expect(numbersOf('nova-api', 200, {})).toEqual(['']);
    expect(numbersOf('ovn-sb-db-relay', 50, {})).toEqual(['1']);
    expect(numbersOf('ovn-sb-db-relay', 51, {})).toEqual(['1', '2']);
    expect(numbersOf('ovn-sb-db-relay', 51, { ovn_sb_db_relay_compute_per_relay: '17' })).toEqual(['1', '2', '3']);
    expect(numbersOf('ovn-sb-db-relay', 51, { ovn_sb_db_relay_count: 4 })).toHaveLength(4);
  });
});
