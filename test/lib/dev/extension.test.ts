import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerExtensionOf, extendLease, freezeEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { listEnvironments } from '../../../lib/dev/list.ts';
import { reap } from '../../../lib/dev/reaper.ts';
import { renderList } from '../../../lib/dev/render.ts';
import { renderShow } from '../../../lib/dev/render-show.ts';
import { showEnvironment } from '../../../lib/dev/show.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import { makeWorld, type World } from './world.ts';

const OWNER = 'dora@acme.example.org';
const BOSS = 'Boss@acme.example.org';
/** Its first end is 2026-11-27, and the policy's furthest 2026-12-20. */
const BEYOND = '30d';
const ASKED = '2026-12-27';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  const file = join(world.ports.root, 'config/tandem.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}  extensions: { approvers: [boss@acme.example.org, ${OWNER}] }\n`);
  world.commitAll();
  await createEnvironment(world.ports, {
    ...{ name: 'dora', blueprint: 'app', owner: OWNER, duration: '7d', cloud: undefined },
    ...{ users: [], sshKeys: [], purpose: undefined },
  });
  world.told.length = 0;
  world.identity = OWNER;
});
afterEach(() => world.end());

const project = () => requireValid('dora', world.ports.files, world.now);
const applied = () => world.told.filter((each) => each.startsWith('applied'));
const openVerbs = async () => (await world.ports.journal.open()).map(({ verb }) => verb);

describe('an extension', () => {
  it('within the limits is granted at once', async () => {
    expect(await extendLease(world.ports, 'dora', '7d')).toMatchObject({ changes: 1, asked: undefined });
    expect(world.lease('dora')).toContain('until: 2026-12-04\n');
  });

  it('beyond them is asked for once, and changes nothing until somebody else grants it', async () => {
    expect(await extendLease(world.ports, 'dora', BEYOND)).toMatchObject({ changes: 0, asked: ASKED });
    const text = world.lease('dora');
    expect(text).toContain(`until: 2026-11-27\naskedUntil: ${ASKED}\n`);
    expect([applied(), await openVerbs()]).toEqual([[], []]);
    world.told.length = 0;
    await extendLease(world.ports, 'dora', BEYOND);
    expect([world.lease('dora'), world.told]).toEqual([text, []]);

    // The owner is among those who answer, and does not answer for itself.
    await expect(answerExtensionOf(world.ports, 'dora', 'approve')).rejects.toMatchObject({
      code: 'extension-not-approver',
      message: expect.stringContaining('only boss@acme.example.org answers'),
    });
    expect(world.lease('dora')).toBe(text);
    world.identity = BOSS;
    expect(await answerExtensionOf(world.ports, 'dora', 'approve')).toMatchObject({ changes: 1, asked: undefined });
    expect(world.lease('dora')).toContain(`until: ${ASKED}\ngrantedUntil: ${ASKED}\n`);
    expect(world.lease('dora')).not.toContain('askedUntil');
    expect(applied()).toEqual(['applied dora for env extend']);
    await expect(answerExtensionOf(world.ports, 'dora', 'approve')).rejects.toMatchObject({
      code: 'no-extension-asked',
    });
  });

  it('is refused by whoever may grant it, and may be asked for again', async () => {
    await extendLease(world.ports, 'dora', BEYOND);
    world.identity = BOSS;
    expect(await answerExtensionOf(world.ports, 'dora', 'refuse')).toMatchObject({ changes: 0, asked: undefined });
    expect(world.lease('dora')).toContain('until: 2026-11-27\n');
    expect(world.lease('dora')).not.toContain('askedUntil');
    expect(applied()).toEqual([]);
    world.identity = OWNER;
    expect(await extendLease(world.ports, 'dora', BEYOND)).toMatchObject({ asked: ASKED });
  });

  it('is not granted by the one who asked for it, whoever owns the lease', async () => {
    world.identity = BOSS;
    await extendLease(world.ports, 'dora', BEYOND);
    await expect(answerExtensionOf(world.ports, 'dora', 'approve')).rejects.toMatchObject({
      code: 'extension-not-approver',
      next: expect.stringContaining('leases.extensions.approvers'),
    });
  });

  it('fails beyond what may be asked for', async () => {
    const before = world.lease('dora');
    await expect(extendLease(world.ports, 'dora', '100d')).rejects.toMatchObject({
      code: 'lease-too-long',
      details: { latest: '2027-02-18' },
    });
    expect(world.lease('dora')).toBe(before);
  });

  it('goes on where a granted one was killed before it was applied', async () => {
    await extendLease(world.ports, 'dora', BEYOND);
    world.identity = BOSS;
    world.before = (what) => {
      if (what === 'apply') throw new Error('killed');
    };
    await expect(answerExtensionOf(world.ports, 'dora', 'approve')).rejects.toThrow('killed');
    world.before = () => undefined;
    const [open] = await world.ports.journal.open();
    expect(open).toMatchObject({ verb: 'env extend', resume: 'tandem env extend dora --approve' });
    expect(await answerExtensionOf(world.ports, 'dora', 'approve')).toMatchObject({ changes: 1 });
    expect([applied(), await openVerbs()]).toEqual([['applied dora for env extend'], []]);
  });

  it('fails to be asked for while a change is unfinished, which it would end in the journal', async () => {
    world.before = (what) => {
      if (what === 'apply') throw new Error('killed');
    };
    await expect(freezeEnvironment(world.ports, 'dora')).rejects.toThrow('killed');
    world.before = () => undefined;
    await expect(extendLease(world.ports, 'dora', BEYOND)).rejects.toMatchObject({ code: 'environment-unfinished' });
    expect(await openVerbs()).toEqual(['env freeze']);
  });
});

it('is shown while it waits, also when the lease ends meanwhile', async () => {
  await extendLease(world.ports, 'dora', BEYOND);
  const rows = await listEnvironments(world.ports, project(), { cloud: undefined, drift: false });
  expect(rows[0]?.asked).toEqual({ until: ASKED, by: OWNER });
  expect(renderList(rows, 'EUR')).toContain(`active, asked until ${ASKED}`);
  const shown = renderShow(await showEnvironment(world.ports, project(), 'dora'), 'EUR');
  expect(shown).toContain(`until ${ASKED}, by ${OWNER}: \`tandem env extend dora --approve\``);
  world.now = new Date('2026-11-28T01:00:00Z');
  const { actions } = await reap(world.ports, project(), false);
  expect(actions).toMatchObject([{ action: 'stop', reason: expect.stringContaining(`until ${ASKED} waits`) }]);
});
