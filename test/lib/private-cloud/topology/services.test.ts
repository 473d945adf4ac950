import { describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../../lib/config/check.ts';
import { directoryFiles } from '../../../../lib/config/files.ts';
import { servicesOf, spare } from '../../../../lib/private-cloud/topology/services.ts';
import { hostsFor, topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';

const { project } = loadAndCheck(directoryFiles(process.cwd()), new Date());
const paris = project?.clouds.get('paris')?.value;
if (paris === undefined) throw new Error('the shipped configuration has no cloud paris');
const topology = topologyOf('paris', paris);

describe('topology', () => {
  it('gives a host the same offset on every plane', () => {
    const host = topology.hosts.find(({ name }) => name === 'compute-b-3');
    expect(host?.addresses).toEqual({
      internal: '10.10.1.43',
      external: '10.10.5.43',
      tunnel: '10.10.9.43',
      storage: '10.10.13.43',
      storageCluster: '10.10.17.43',
    });
    expect([host?.powerFeeds, host?.switches]).toEqual([['feed-2'], ['tor-b1', 'tor-b2']]);
  });

  it('lets control hosts carry what has no hosts of its own, and nothing that runs elsewhere', () => {
    const { database: _, ...hosts } = Object.fromEntries(
      Object.entries(paris.hosts).map(([group, host]) => [host.roles.includes('database') ? 'database' : group, host]),
    );
    const converged = topologyOf('paris', { ...paris, hosts });
    expect(hostsFor(converged, 'database').map(({ name }) => name)).toEqual([
      'control-a-1',
      'control-b-1',
      'control-c-1',
    ]);
    expect(hostsFor({ hosts: [] }, 'compute')).toEqual([]);
  });
});

describe('services', () => {
  const services = servicesOf(paris, topology);

  it('need services that exist', () => {
    const names = new Set(services.map(({ name }) => name));
    expect(services.flatMap(({ needs }) => needs).filter((need) => !names.has(need))).toEqual([]);
  });

  it('can spare one of three where a majority is needed, and two of three where one is', () => {
    const byName = new Map(services.map((service) => [service.name, spare(service)]));
    expect([byName.get('mariadb'), byName.get('ceph-mon'), byName.get('vip')]).toEqual([1, 1, 2]);
  });

  it('puts one of Ceph’s monitors into each rack', () => {
    const monitors = services.find(({ name }) => name === 'ceph-mon')?.members;
    expect(monitors?.map(({ rack }) => rack)).toEqual(['a', 'b', 'c']);
  });
});
