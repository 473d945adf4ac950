import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freezeEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { rebuildEnvironment } from '../../../lib/dev/rebuild.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await createEnvironment(world.ports, {
    ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', duration: '7d' },
    ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
  });
});
afterEach(() => world.end());

const unpinnedBy = async (...tiers: string[]): Promise<readonly string[] | undefined> => {
  const apply = vi.spyOn(world.ports.deployer, 'apply');
  await rebuildEnvironment(world.ports, 'dora', tiers);
  return apply.mock.calls[0]?.[0].unpinned;
};

describe('rebuilding an environment', () => {
  it('looks up the images of the tier that is named, or of all', async () => {
    const all = await unpinnedBy();
    expect(all?.length).toBeGreaterThan(1);
    const [first = ''] = all ?? [];
    expect(first).toMatch(/^openstack_compute_instance_v2\.[a-z]+_server-1\.image_name$/);
    const [, tier = ''] = /\.([a-z]+)_server-1/.exec(first) ?? [];
    vi.restoreAllMocks();
    expect((await unpinnedBy(tier))?.every((each) => each.includes(`.${tier}_server-`))).toBe(true);
  });

  it('fails for a tier that is not there, and for a frozen lease, before anything is done', async () => {
    const apply = vi.spyOn(world.ports.deployer, 'apply');
    await expect(rebuildEnvironment(world.ports, 'dora', ['wob'])).rejects.toMatchObject({ code: 'no-such-tier' });
    expect(apply).not.toHaveBeenCalled();
    await freezeEnvironment(world.ports, 'dora');
    apply.mockClear();
    await expect(rebuildEnvironment(world.ports, 'dora', [])).rejects.toMatchObject({ code: 'lease-frozen' });
    expect(apply).not.toHaveBeenCalled();
  });
});
