import { describe, expect, it } from 'vitest';
import { assignmentsIn, overlaid } from '../../../../lib/private-cloud/kolla/ini.ts';
import { nearestOverride, readerOf } from '../../../../lib/private-cloud/kolla/override-files.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { cloudOf } from './layouts.ts';

describe("who reads a file of one's own", () => {
  it.each([
    ['nova.conf', ['nova', 'nova-cell'], 'nova-compute'],
    ['neutron/ml2_conf.ini', ['neutron'], 'neutron-server'],
    ['haproxy/services.d/own.cfg', ['loadbalancer'], 'haproxy'],
    ['haproxy-config/nova-api.cfg', ['haproxy-config'], 'haproxy'],
    ['horizon/themes/acme/logo.svg', ['horizon'], 'horizon'],
    ['nova/policy.yaml', ['nova', 'nova-cell'], 'nova-api'],
    ['prometheus/own.rules', ['prometheus'], 'prometheus-server'],
    ['fluentd/filter/01-own.conf', ['fluentd'], 'fluentd'],
    ['grafana.ini', ['grafana'], 'grafana'],
  ])('%s', (path, roles, service) => {
    const reader = readerOf(path);
    expect(reader?.roles).toEqual(roles);
    expect(reader?.services).toContain(service);
    expect(reader?.host).toBeUndefined();
  });

  it('is one service where the name is that of one, and one host in its folder', () => {
    expect(readerOf('nova/nova-compute.conf')?.services).toEqual(['nova-compute']);
    expect(readerOf('prometheus/prometheus-alertmanager.yml')?.services).toEqual(['prometheus-alertmanager']);
    expect(readerOf('nova/control-1/nova.conf')?.host).toBe('control-1');
  });

  it.each([
    ['nova/nova-comput.conf', 'nova/nova-compute.conf'],
    ['nova-compute.conf', 'nova/nova-compute.conf'],
    ['galera.conf', 'galera.cnf'],
    ['globals.conf', 'global.conf'],
    ['neutron/ml2_config.ini', 'neutron/ml2_conf.ini'],
    ['neutron/neutron.conf', 'neutron.conf'],
  ])('is nobody for %s, which is meant to be %s', (path, meant) => {
    expect(readerOf(path)).toBeUndefined();
    expect(nearestOverride(path)).toBe(meant);
  });
});

describe('an INI file laid over one of Tandem', () => {
  const base = '# head\n\n[a]\n# why\nx = 1\ny = 2\n\n[b]\n# only this\nz = 3\n';

  it('has its own settings once, with their comments, and those of the other beside them', () => {
    const text = overlaid(base, 'top = 0\n[b]\nz = 4,\n    5\n[a]\nw = {{ v }}\n', 'from elsewhere');
    expect(assignmentsIn(text).map(({ section, key, value }) => [section, key, value])).toEqual([
      ['', 'top', '0'],
      ['b', 'z', '4,\n5'],
      ['a', 'w', '{{ v }}'],
      ['a', 'x', '1'],
      ['a', 'y', '2'],
    ]);
    expect(text).not.toContain('only this');
    expect(text).toContain('# why\nx = 1');
    expect(text.startsWith('# head\n')).toBe(true);
  });

  it('takes a name as oslo.config does, and no comment for one', () => {
    expect(assignmentsIn('[s]\n; a = 1\nb: 2\n{% if c %}\nd=\n').map(({ key, value }) => [key, value])).toEqual([
      ['b', '2'],
      ['{% if c %}', ''],
      ['d', ''],
    ]);
  });
});

describe('own files in a tree', () => {
  const ownFiles = {
    'nova.conf': '[DEFAULT]\nmax_concurrent_live_migrations = 4\n',
    'haproxy/services.d/own.cfg': 'listen own\n    bind {{ kolla_internal_vip_address }}:81\n',
    'keepalived/keepalived.conf': 'nothing',
  };
  const { files } = renderTree('cloud', { ...cloudOf('converged'), ownFiles });

  it('stand there as they are, or beside what Tandem writes', () => {
    expect(files['config/haproxy/services.d/own.cfg']).toBe(ownFiles['haproxy/services.d/own.cfg']);
    expect(files['config/nova.conf']).toContain('max_concurrent_live_migrations = 4');
    expect(files['config/nova.conf']).toContain('connection_parameters = ');
  });

  it('never stand in the place of what Tandem writes whole', () => {
    expect(files['config/keepalived/keepalived.conf']).toContain('vrrp_instance');
  });
});
