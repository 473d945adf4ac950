import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { diffKolla } from '../../../../lib/engines/kolla/difference.ts';
import { describeRestarts } from '../../../../lib/plan/difference/restarts.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { cloudOf } from '../../private-cloud/kolla/layouts.ts';

/** A tree's changes after a change of the cloud. */
function changes(edit: (cloud: { -readonly [Key in keyof Cloud]: Cloud[Key] }) => void) {
  const before = cloudOf('separated');
  const after = structuredClone(before);
  edit(after);
  return diffKolla(textOf(before), textOf(after));
}

function textOf(cloud: Cloud): string {
  return JSON.stringify(renderTree('cloud', cloud).files);
}

describe('the difference of two trees', () => {
  it('is none where nothing changed', () => {
    expect(changes(() => undefined)).toEqual([]);
  });

  it('names the key, and restarts the balancers for another router id', () => {
    const [change, ...others] = changes((cloud) => {
      if (cloud.vips !== undefined) cloud.vips.routerId = 52;
    });
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      address: 'globals.yml',
      action: 'update',
      attributes: [{ path: 'keepalived_virtual_router_id', before: '77', after: '52' }],
      restarts: ['keepalived@balancer-a-1', 'keepalived@balancer-b-1', 'keepalived@balancer-c-1'],
    });
  });

  it('restarts nova-compute alone where less memory is kept', () => {
    const found = changes((cloud) => {
      (cloud.hardware['compute'] as { reservedMemoryGiB: number }).reservedMemoryGiB = 16;
    });
    expect(found.map(({ address, restarts }) => [address, restarts])).toEqual([
      ['inventory/group_vars/hosts-compute.yml', ['nova-compute@compute-1']],
    ]);
  });

  it('restarts who names the members where one goes', () => {
    const found = changes((cloud) => {
      delete cloud.hosts['queue-c'];
    });
    const inventory = found.find(({ address }) => address === 'inventory/multinode');
    expect(inventory?.restarts).toContain('rabbitmq@queue-c-1');
    expect(inventory?.restarts).toContain('nova-conductor@control-a-1');
    expect(inventory?.restarts).toContain('nova-compute@compute-1');
    expect(inventory?.restarts.some((each) => each.startsWith('mariadb@'))).toBe(false);
    expect(inventory?.restarts.some((each) => each.startsWith('keepalived@'))).toBe(false);
  });

  it('restarts on hosts with interfaces of their own what reads those', () => {
    const own = (tunnel: string) => {
      const cloud = structuredClone(cloudOf('separated'));
      (cloud.hosts['compute'] as { interfaces: object }).interfaces = { tunnel };
      return textOf(cloud);
    };
    expect(
      diffKolla(own('eth1'), own('eth2')).map(({ address, attributes, restarts }) => [
        address,
        attributes.map(({ path }) => path),
        restarts,
      ]),
    ).toEqual([
      [
        'inventory/group_vars/hosts-compute.yml',
        ['tunnel_interface'],
        ['openvswitch-db-server@compute-1', 'ovn-controller@compute-1'],
      ],
    ]);
  });

  it('restarts the services whose own files change, on the host whose files they are', () => {
    const found = (own: Readonly<Record<string, string>>) =>
      changes((cloud) => {
        cloud.ownFiles = own;
      }).map(({ address, attributes, restarts }) => [address, attributes.map(({ path }) => path), restarts]);
    expect(found({ 'nova/nova-compute.conf': '[libvirt]\ncpu_mode = host-passthrough\n' })).toEqual([
      ['config/nova/nova-compute.conf', ['libvirt'], ['nova-compute@compute-1']],
    ]);
    const balancers = ['a', 'b', 'c'].map((rack) => `haproxy@balancer-${rack}-1`);
    expect(found({ 'haproxy/services.d/own.cfg': 'listen own\n' })).toEqual([
      ['config/haproxy/services.d/own.cfg', ['content'], balancers],
    ]);
    expect(found({ 'keystone/control-b-1/keystone.conf': '[token]\nexpiration = 7200\n' })).toEqual([
      ['config/keystone/control-b-1/keystone.conf', ['token.expiration'], ['keystone@control-b-1']],
    ]);
  });

  it('restarts everything for a variable of which nobody knows who reads it', () => {
    const [change] = changes((cloud) => {
      cloud.kolla = { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals: { docker_registry: 'x' } };
    });
    expect(change?.restarts).toContain('mariadb@database-a-1');
    expect(change?.restarts).toContain('nova-compute@compute-1');
  });

  it('is noise where only a comment differs', () => {
    const files = renderTree('cloud', cloudOf('separated')).files;
    const other = { ...files, 'config/galera.cnf': `# another\n${files['config/galera.cnf'] ?? ''}` };
    expect(diffKolla(JSON.stringify(files), JSON.stringify(other))).toMatchObject([{ noise: true, attributes: [] }]);
  });

  it('is every file where there was no tree', () => {
    const found = diffKolla(undefined, textOf(cloudOf('starter')));
    expect(new Set(found.map(({ action }) => action))).toEqual(new Set(['create']));
    expect(found.map(({ address }) => address)).toContain('inventory/multinode');
  });
});

describe('restarts in words', () => {
  it('put services on the same hosts together', () => {
    expect(describeRestarts(['a@x', 'a@y', 'b@x', 'b@y', 'c@x'])).toBe('restarts a, b on x, y; c on x');
    expect(describeRestarts([])).toBeUndefined();
  });
});
