import { describe, expect, it } from 'vitest';
import { diffTerraform } from '../../../../lib/engines/terraform/difference.ts';
import { liftPins } from '../../../../lib/engines/terraform/pins.ts';

const SERVER = 'openstack_compute_instance_v2';
const ROUTER = 'openstack_networking_router_v2';
const PINNED = { [SERVER]: ['flavor_name', 'image_name'], [ROUTER]: ['external_network_id'] };

function root(server: object, network = 'public'): string {
  const lifecycle = { ignore_changes: ['availability_zone', 'flavor_name', 'image_name'] };
  return JSON.stringify({
    '//': { pinned: PINNED },
    data: { openstack_networking_network_v2: { out: { '//': { path: network }, name: network } } },
    resource: {
      [SERVER]: { 'web_server-1': { flavor_name: 'small', image_name: 'debian-12', ...server, lifecycle } },
      [ROUTER]: {
        it: {
          external_network_id: '${data.openstack_networking_network_v2.out.id}',
          lifecycle: { ignore_changes: ['external_network_id'] },
        },
      },
    },
  });
}

function ignored(text: string, type = SERVER): unknown {
  const parsed = JSON.parse(text) as {
    resource: Record<string, Record<string, { lifecycle: { ignore_changes: string[] } }>>;
  };
  return Object.values(parsed.resource[type] ?? {})[0]?.lifecycle.ignore_changes;
}

describe('what resources keep from when they were made', () => {
  it('stays kept where the configuration names the same', () => {
    const wanted = root({ metadata: { a: '1' } });
    expect(liftPins(root({}), wanted)).toBe(wanted);
    expect(liftPins(undefined, root({ image_name: 'debian-13' }))).toBe(root({ image_name: 'debian-13' }));
  });

  it('is kept where the applied root is from before anything was kept', () => {
    const old = JSON.stringify({
      resource: { [SERVER]: { 'web_server-1': { flavor_name: 'small', image_name: 'debian-12' } } },
    });
    expect(liftPins(old, root({}))).toBe(root({}));
  });

  it('changes alone where the configuration names another', () => {
    const lifted = liftPins(root({}), root({ image_name: 'debian-13' }));
    expect(ignored(lifted)).toEqual(['availability_zone', 'flavor_name']);
    expect(ignored(lifted, ROUTER)).toEqual(['external_network_id']);
  });

  it('changes where what is looked up is another', () => {
    const lifted = liftPins(root({}), root({}, 'other'));
    expect(ignored(lifted, ROUTER)).toEqual([]);
    expect(ignored(lifted)).toHaveLength(3);
  });

  it('is looked up again where somebody asks for it', () => {
    expect(ignored(liftPins(root({}), root({}), [`${SERVER}.web_server-1.image_name`]))).toEqual([
      'availability_zone',
      'flavor_name',
    ]);
  });

  it('never touches what the user’s own stack ignores', () => {
    const own = (image: string) =>
      JSON.stringify({
        resource: { [SERVER]: { a: { image_name: image, lifecycle: { ignore_changes: ['image_name'] } } } },
      });
    expect(liftPins(own('a'), own('b'))).toBe(own('b'));
  });

  it('shows another image as a rebuild, offline', () => {
    const [change, ...others] = diffTerraform(root({}), root({ image_name: 'debian-13' }));
    expect(others).toEqual([]);
    expect(change).toMatchObject({ action: 'interrupt', attributes: [{ path: 'image_name' }] });
    expect(change?.reasons[0]).toMatch(/^CAUTION: it is rebuilt: .*root disk is lost/);
  });
});
