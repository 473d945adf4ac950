import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { monthlyCost } from '../../../lib/config/cost.ts';
import { demandOf, instanceNameOf } from '../../../lib/config/demand.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Project } from '../../../lib/config/project.ts';
import { remainingDemand } from '../../../lib/dev/remaining.ts';
import { environmentOf } from '../../../lib/dev/workspace.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined>>;

const { project } = loadProject(directoryFiles(join(import.meta.dirname, '../../..'))) as { project: Project };

function demandIn(name: string) {
  const { lease, blueprint, cloud } = environmentOf(project, name)!;
  return demandOf({ name, lease: lease.value, blueprint: blueprint.value, cloud: cloud.value });
}

describe('what a lease takes', () => {
  it.each([...project.leases.keys()])('is what the stack of %s makes', async (name) => {
    const { stack } = environmentOf(project, name)!;
    const [made] = await synthesize(stacksOf(project), { only: new Set([stack]) });
    const { resource } = JSON.parse(made!.text) as { resource: Resources };
    const all = (type: string) => Object.values(resource[`openstack_${type}`] ?? {});
    const demand = demandIn(name);
    expect(demand.servers.map((server) => [instanceNameOf(server), server.flavor, server.zone]).sort()).toEqual(
      all('compute_instance_v2')
        .map((server) => [server['name'], server['flavor_name'], server['availability_zone']])
        .sort(),
    );
    expect(demand).toMatchObject({
      volumes: all('blockstorage_volume_v3').length,
      volumeGiB: all('blockstorage_volume_v3').reduce((sum, volume) => sum + Number(volume['size']), 0),
      floatingAddresses: all('networking_floatingip_v2').length,
      loadBalancers: all('lb_loadbalancer_v2').length,
      networks: all('networking_network_v2').length,
      routers: all('networking_router_v2').length,
    });
  });

  it('gives the hosts’ room back while frozen, and keeps the rest', () => {
    const [name = ''] = project.leases.keys();
    const { lease, blueprint, cloud } = environmentOf(project, name)!;
    const frozen = demandOf({
      name,
      lease: { ...lease.value, state: 'frozen' },
      blueprint: blueprint.value,
      cloud: cloud.value,
    });
    expect(frozen.servers).toEqual([]);
    expect(frozen.volumeGiB).toBe(demandIn(name).volumeGiB);
  });
});

describe('what is left to make', () => {
  const [name = ''] = project.leases.keys();
  const demand = demandIn(name);

  it('is all of it where nothing is there', () => {
    expect(remainingDemand(demand, { servers: [], balancers: [] }, [])).toEqual(demand);
  });

  it('is nothing where everything is', () => {
    const servers = demand.servers.map((each) => ({
      id: each.id,
      name: instanceNameOf(each),
      status: 'ACTIVE',
      task: '',
      zone: '',
      host: 'h',
      fault: '',
    }));
    const used = (service: 'cinder' | 'neutron', resource: string, amount: number) => ({
      service,
      resource,
      limit: -1,
      used: amount,
    });
    const quotas = [
      used('cinder', 'gigabytes', demand.volumeGiB),
      used('neutron', 'network', 1),
      used('neutron', 'router', 1),
      used('neutron', 'floatingip', demand.floatingAddresses),
    ];
    const left = remainingDemand(demand, { servers, balancers: [] }, quotas);
    expect(left).toMatchObject({ servers: [], volumeGiB: 0, networks: 0, externalAddresses: 0 });
  });

  it('has shelved servers, which stand on no host', () => {
    const shelved = demand.servers.map((each) => ({
      id: each.id,
      name: instanceNameOf(each),
      status: 'SHELVED_OFFLOADED',
      task: '',
      zone: '',
      host: '',
      fault: '',
    }));
    expect(remainingDemand(demand, { servers: shelved, balancers: [] }, []).servers).toEqual(demand.servers);
  });
});

describe('what a lease costs', () => {
  it('is unknown without a price list, and where a volume type has no price', () => {
    const demand = demandIn([...project.leases.keys()][0] ?? '');
    const prices = { vcpu: 1, memoryGiB: 1, volumeGiB: {}, floatingAddress: 1, loadBalancer: 1 };
    expect(monthlyCost(demand, undefined)).toBeUndefined();
    expect(monthlyCost(demand, prices)).toBeUndefined();
  });
});
