import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { hostNeeds } from '../../../../lib/private-cloud/placement/host-needs.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris } from '../failure/clouds.ts';
import { cloudOf } from '../kolla/layouts.ts';

const needs = (cloud: Cloud, host: string) => hostNeeds(cloud, topologyOf('one', cloud), host);
const sized = (cloud: Cloud, size: { vcpus?: number; memoryGiB?: number }): Cloud => ({
  ...cloud,
  hardware: Object.fromEntries(Object.entries(cloud.hardware).map(([name, kind]) => [name, { ...kind, ...size }])),
});

describe('what a host of the control plane needs', () => {
  it('is what its services start, by hardware threads', () => {
    // 16 times five workers, two times three for remote calls, and six single ones; 160 MiB each, and 4 GiB for the system.
    expect(needs(paris, 'control-a-1')).toMatchObject({ processes: 92, memoryGiB: 19, vcpus: 4 });
    expect(needs(sized(paris, { vcpus: 2 }), 'control-a-1')).toMatchObject({ processes: 42, memoryGiB: 11 });
  });

  it('is more with what is switched on', () => {
    if (paris.kolla === undefined) throw new Error('paris is deployed by Kolla-Ansible');
    const cloud: Cloud = { ...paris, kolla: { ...paris.kolla, services: ['heat', 'central-logging'] } };
    expect(needs(cloud, 'control-a-1')).toMatchObject({ processes: 107, memoryGiB: 23 });
    expect(
      needs({ ...paris, loadBalancer: { ...paris.loadBalancer, provider: 'amphora' } }, 'control-a-1'),
    ).toMatchObject({ processes: 104 });
  });

  it('is that of all roles where one host has them all', () => {
    const cloud = cloudOf('converged');
    const found = needs(cloud, 'control-a-1');
    expect(found?.what).toBe(
      "92 processes of OpenStack, MariaDB, RabbitMQ, HAProxy and ProxySQL, a gateway, OVN's databases",
    );
    // 18.4 GiB, RabbitMQ's 4, MariaDB's 8, and 3.
    expect(found?.memoryGiB).toBe(34);
  });

  it('leaves two fifths of a small database host to its pool', () => {
    expect(needs(paris, 'database-a-1')).toMatchObject({ memoryGiB: 7, processes: 0 });
  });

  it('is nothing for hosts that only compute, store or watch', () => {
    for (const host of ['compute-a-1', 'storage-a-1', 'monitoring-a-1'])
      expect(needs(paris, host), host).toBeUndefined();
  });
});
