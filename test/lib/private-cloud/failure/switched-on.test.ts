import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { EXTRA_SERVICES } from '../../../../lib/config/schema/cloud-kolla.ts';
import { effectOf } from '../../../../lib/private-cloud/failure/effect.ts';
import { findParts } from '../../../../lib/private-cloud/failure/failures.ts';
import { compile } from '../../../../lib/private-cloud/failure/model.ts';
import { placeLeases } from '../../../../lib/private-cloud/placement/placement.ts';
import { servicesOf } from '../../../../lib/private-cloud/topology/services.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris, project } from './clouds.ts';

type Kolla = NonNullable<Cloud['kolla']>;

function withKolla(change: Partial<Kolla>): Cloud {
  if (paris.kolla === undefined) throw new Error('paris is deployed by Kolla-Ansible');
  return { ...paris, kolla: { ...paris.kolla, ...change } };
}

function downOf(cloud: Cloud, ...names: readonly string[]) {
  const topology = topologyOf('paris', cloud);
  const inputs = { model: compile(cloud, topology), placement: placeLeases(project, 'paris') };
  return effectOf(
    inputs,
    names.flatMap((name) => findParts(topology, name)),
  ).down;
}

const namesOf = (cloud: Cloud) => servicesOf(cloud, topologyOf('paris', cloud)).map(({ name }) => name);

describe('services that are switched on', () => {
  const cloud = withKolla({ services: ['heat', 'manila', 'masakari', 'ironic'] });

  it('fall with what they need, and say so', () => {
    const queues = downOf(cloud, 'queue-a-1', 'queue-b-1');
    expect(queues).toContainEqual({ service: 'heat-engine', cause: 'needs', of: 'rabbitmq' });
    expect(queues).toContainEqual({ service: 'manila-share', cause: 'needs', of: 'rabbitmq' });
    const controllers = downOf(cloud, 'control-a-1', 'control-b-1');
    expect(controllers).toContainEqual({ service: 'hacluster', cause: 'majority', of: null });
    expect(controllers).toContainEqual({ service: 'masakari-engine', cause: 'needs', of: 'hacluster' });
    expect(controllers).toContainEqual({ service: 'ironic-conductor', cause: 'needs', of: 'valkey' });
    expect(downOf(cloud, 'network-a-1', 'network-b-1', 'network-c-1').map(({ service }) => service)).toContain(
      'manila-share',
    );
    expect(downOf(cloud, 'control-a-1')).toEqual([]);
  });

  it('are none of a cloud that does not run them', () => {
    expect(downOf(paris, 'queue-a-1', 'queue-b-1').map(({ service }) => service)).not.toContain('heat-engine');
  });

  it('are switched by a variable of Kolla-Ansible too, which decides', () => {
    expect(namesOf(withKolla({ globals: { enable_heat: true } }))).toContain('heat-api');
    expect(namesOf(withKolla({ services: ['heat'], globals: { enable_heat: false } }))).not.toContain('heat-api');
  });

  it.each(EXTRA_SERVICES)('%s needs nothing that the cloud has only later in its order', (service) => {
    const names = namesOf(withKolla({ services: [service] }));
    expect(names.length).toBeGreaterThan(namesOf(paris).length);
    const own = withKolla({ services: [service] });
    for (const { name, needs } of servicesOf(own, topologyOf('paris', own)))
      for (const need of needs)
        if (need !== 'valkey' || names.includes('valkey')) {
          expect(names, `${name} needs ${need}`).toContain(need);
          expect(names.indexOf(need), `${name} needs ${need}`).toBeLessThan(names.indexOf(name));
        }
  });
});
