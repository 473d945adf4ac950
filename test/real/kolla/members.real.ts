/**
 * What runs of the real kolla-ansible need no host for: every step's inventory is read, every play of a change of members has tasks for
 * its tags and hosts within its limit, and a limit on a host that the inventory no longer has is an error.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playArguments, writeInventory } from '../../../lib/engines/kolla/kolla-plays.ts';
import type { InventoryGroup } from '../../../lib/private-cloud/kolla/inventory.ts';
import { inventoryOfBoth, withMembers } from '../../../lib/private-cloud/members/groups.ts';
import { inLayout } from '../../../lib/private-cloud/members/layouts.ts';
import type { KollaPlay } from '../../../lib/private-cloud/members/ports.ts';
import { cloudOf } from '../../lib/private-cloud/kolla/layouts.ts';
import { groupsOf, stepsOf } from '../../lib/private-cloud/members/plans.ts';
import { type Site, writeSite } from './kolla.ts';

const separated = cloudOf('separated');
const standing = groupsOf(inLayout(separated, 'converged'));
const wanted = groupsOf(separated);

let folder: string;
let site: Site;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-members-real-'));
  site = writeSite(folder, 'cloud', separated);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What kolla-ansible lists for a play: nothing is run. */
async function listed(play: KollaPlay, groups: readonly InventoryGroup[]): Promise<string> {
  const inventory = writeInventory(site.tree, 'cloud', play, groups);
  const args = [...playArguments(play, site.tree, inventory), '--list-tasks'];
  const { stdout } = await promisify(execFile)('kolla-ansible', args, {
    ...{ env: site.environment, cwd: site.tree, maxBuffer: 64 * 1024 * 1024 },
  });
  return stdout;
}

/**
 * One play of each kind: the same verb and tags list the same tasks, whatever the hosts. But for `bootstrap-servers`, whose role is in a
 * collection that is on no package index (openstack.kolla).
 */
function plays(): { readonly play: KollaPlay; readonly groups: readonly InventoryGroup[] }[] {
  // From one controller the database grows by another verb.
  const one = groupsOf(inLayout(separated, 'starter'));
  const journeys = [
    { standing: one, wanted: standing },
    { standing, wanted },
  ];
  const all = journeys.flatMap((journey) => {
    const inventory = inventoryOfBoth(journey.standing, journey.wanted);
    return stepsOf(journey).flatMap(({ actions, members }) =>
      actions.flatMap((action) =>
        action.kind === 'play' && action.play.verb !== 'bootstrap-servers'
          ? [{ play: action.play, groups: withMembers(inventory, members) }]
          : [],
      ),
    );
  });
  const kinds = new Map(all.map((each) => [`${each.play.verb} ${each.play.extra?.join(' ') ?? ''}`, each]));
  return [...kinds.values()];
}

describe('plays of a change of members', () => {
  it.each(plays())('$play.verb has tasks for its tags', async ({ play, groups }) => {
    const said = await listed(play, groups);
    for (const tag of play.tags) expect(said).toMatch(new RegExp(`TAGS: \\[[^\\]]*\\b${tag}\\b`));
    if (play.extra?.includes('--skip-tags') === true) expect(said).not.toMatch(/Configure loadbalancer for/);
  });

  it('fails where the inventory no longer has the host', async () => {
    const play: KollaPlay = {
      key: '00.1 gone',
      verb: 'stop',
      tags: ['mariadb'],
      limit: ['gone-1'],
      extra: ['--yes-i-really-really-mean-it'],
    };
    await expect(listed(play, wanted)).rejects.toThrow(/hosts|match/i);
  });
});
