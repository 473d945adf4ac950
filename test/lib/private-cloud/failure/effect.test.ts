import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { type EffectInputs, effectOf } from '../../../../lib/private-cloud/failure/effect.ts';
import { type Failure, findParts, partsOf } from '../../../../lib/private-cloud/failure/failures.ts';
import { compile } from '../../../../lib/private-cloud/failure/model.ts';
import { placeLeases, placeOnCloud } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { anyCloud, anyFailure, paris, project } from './clouds.ts';
import { naivelyDown } from './oracle.ts';

type Host = Cloud['hosts'][string];

const topology = topologyOf('paris', paris);
const inputs: EffectInputs = { model: compile(paris, topology), placement: placeLeases(project, 'paris') };
const off = (...names: string[]) =>
  effectOf(
    inputs,
    names.flatMap((name) => findParts(topology, name)),
  );
const downOf = (effect: ReturnType<typeof effectOf>) => effect.down.map(({ service }) => service);

describe('a failure of the shipped cloud', () => {
  it('takes nothing away with one of two switches, and a whole rack with both', () => {
    expect([off('tor-b1').hosts, off('tor-b1').reduced]).toEqual([[], []]);
    expect(off('tor-b1', 'tor-b2').hosts).toEqual(off('rack/b').hosts);
    expect(off('rack/b').hosts).toEqual(topology.hosts.filter(({ rack }) => rack === 'b').map(({ name }) => name));
  });

  it('leaves every service up with a rack off, but what stands in that rack alone', () => {
    expect(['a', 'b', 'c'].map((rack) => downOf(off(`rack/${rack}`)))).toEqual([['prometheus'], [], []]);
  });

  it('says which service stops first, and which only because of it', () => {
    const { down } = off('queue-a-1', 'queue-b-1');
    expect(down).toContainEqual({ service: 'rabbitmq', cause: 'majority', of: null });
    expect(down).toContainEqual({ service: 'nova-api', cause: 'needs', of: 'rabbitmq' });
    expect(downOf(off('queue-a-1', 'queue-b-1'))).not.toContain('keystone');
  });

  it('puts everything behind the VIP down with all load balancers', () => {
    const { down } = off('balancer-a-1', 'balancer-b-1', 'balancer-c-1');
    expect(down).toContainEqual({ service: 'mariadb', cause: 'vip', of: null });
    expect(down).toContainEqual({ service: 'vip', cause: 'members', of: null });
  });

  it('takes with each plane what goes over it', () => {
    const down = Object.fromEntries(topology.planes.map((plane) => [plane, downOf(off(`plane/${plane}`))]));
    expect(down['external']).toEqual(['public-api']);
    expect(down['tunnel']).toEqual(['ovn-gateway', 'east-west']);
    expect(down['storage']).toEqual(['ceph-mon', 'volumes', 'root-disks']);
    expect(down['storageCluster']).toEqual(['volumes', 'root-disks']);
    expect(down['internal']).toContain('keystone');
  });

  it('leaves every server hanging on hosts that are up, once Ceph keeps their root disks and is lost', () => {
    const { servers, hosts } = off('plane/storageCluster');
    expect([hosts, servers.fallen, servers.hanging]).toEqual([[], 0, inputs.placement.servers.length]);
    expect(off('rack/b').servers.hanging).toBe(0);
    const local = { ...paris, storage: { ...paris.storage, backend: 'nfs' as const } };
    const own = { model: compile(local, topology), placement: inputs.placement };
    expect(effectOf(own, findParts(topology, 'plane/storage')).servers.hanging).toBe(0);
  });

  it('takes with Valkey what agrees through it', () => {
    const apart = {
      ...paris,
      hosts: { ...paris.hosts, 'control-a': { ...(paris.hosts['control-a'] as Host), count: 3 } },
    };
    const wide = topologyOf('paris', apart);
    const own = { model: compile(apart, wide), placement: placeOnCloud(apart, []) };
    const gone = ['control-a-1', 'control-a-2', 'control-b-1'].flatMap((name) => findParts(wide, name));
    const { down } = effectOf(own, gone);
    expect(down).toContainEqual({ service: 'valkey', cause: 'majority', of: null });
    expect(down).toContainEqual({ service: 'cinder-volume', cause: 'needs', of: 'valkey' });
    expect(down).toContainEqual({ service: 'designate-api', cause: 'needs', of: 'valkey' });
    expect(down.map(({ service }) => service)).not.toContain('keystone');
  });

  it('stops new ports with OVN’s southbound majority, and no traffic', () => {
    const { down } = off('ovn-a-1', 'ovn-b-1');
    expect(down).toContainEqual({ service: 'port-binding', cause: 'needs', of: 'ovn-sb-db' });
    expect(down.map(({ service }) => service)).not.toContain('east-west');
  });

  it('counts with a queue whose members are the two brokers that are lost of five', () => {
    const five = { ...paris, hosts: { ...paris.hosts, 'queue-a': { ...(paris.hosts['queue-a'] as Host), count: 3 } } };
    const wide = topologyOf('paris', five);
    const own = { model: compile(five, wide), placement: placeOnCloud(five, []) };
    const lost = (...names: string[]) =>
      effectOf(
        own,
        names.flatMap((name) => findParts(wide, name)),
      ).down.find(({ service }) => service === 'rabbitmq');
    expect(lost('queue-a-1')).toBeUndefined();
    expect(lost('queue-a-1', 'queue-b-1')).toEqual({ service: 'rabbitmq', cause: 'part', of: null });
    expect(lost('queue-a-1', 'queue-b-1', 'queue-c-1')?.cause).toBe('majority');
  });

  it('finds other hosts of the zone for a host’s servers, and none for a whole zone’s', () => {
    const [host, rack] = [off('compute-b-6').servers, off('rack/b').servers];
    expect(host.fit).toBe(host.fallen);
    expect(host.fallen).toBeGreaterThan(0);
    expect(rack.unplaced.length).toBe(rack.fallen);
    expect(new Set(rack.unplaced.map(({ verdict, zone }) => `${verdict} in ${zone}`))).toEqual(
      new Set(['does not fit in rack-b']),
    );
  });
});

describe('any failure of any small cloud', () => {
  it('stops what a slow and plain judge says that it stops', () => {
    fc.assert(
      fc.property(anyFailure(), ({ cloud, topology: small, failure }) => {
        const effect = effectOf({ model: compile(cloud, small), placement: placeOnCloud(cloud, []) }, failure);
        expect(downOf(effect).sort()).toEqual(naivelyDown(cloud, small, failure));
      }),
      { numRuns: 200 },
    );
  });

  it('never helps by taking more: no service comes back, no gap of what is left goes', () => {
    fc.assert(
      fc.property(anyFailure(), fc.nat(), ({ cloud, topology: small, failure }, which) => {
        const parts = partsOf(small);
        const larger: Failure = [...failure, ...parts.slice(which % parts.length, (which % parts.length) + 1)];
        const own = { model: compile(cloud, small), placement: placeOnCloud(cloud, []) };
        const [less, more] = [effectOf(own, failure), effectOf(own, larger)];
        expect(downOf(more)).toEqual(expect.arrayContaining(downOf(less)));
        expect(more.hosts).toEqual(expect.arrayContaining([...less.hosts]));
        for (const { service, seconds } of less.gaps) {
          const now = more.gaps.find((gap) => gap.service === service)?.seconds ?? 0;
          if (!downOf(more).includes(service)) expect(now).toBeGreaterThanOrEqual(seconds);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('does the same with each of a group’s hosts', () => {
    fc.assert(
      fc.property(anyCloud(), (cloud) => {
        const small = topologyOf('any', cloud);
        const own = { model: compile(cloud, small), placement: placeOnCloud(cloud, []) };
        const twins = [...Map.groupBy(small.hosts, ({ group }) => group).values()].filter((hosts) => hosts.length > 1);
        for (const hosts of twins) {
          const effects = hosts.map(({ name }) => {
            const { down, reduced, gaps } = effectOf(own, [{ kind: 'host', name }]);
            // Monitors are picked, not all: the only service in which twins differ.
            const monitored = own.model.services.find((each) => each.name === 'ceph-mon')?.members ?? [];
            return { down, reduced, gaps, monitor: monitored.some((member) => member.name === name) };
          });
          const [first] = effects;
          for (const effect of effects) if (effect.monitor === first?.monitor) expect(effect).toEqual(first);
        }
      }),
      { numRuns: 200 },
    );
  });
});
