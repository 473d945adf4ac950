import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sample } from '../../chaos.ts';
import { type AllEngines, openAllEngines } from './all-engines.ts';

/** Of an operation on three stacks: begun, an effect begun and done for each, ended. */
const ENTRIES = 8;

/** Planned, approved and deployed as a bundle: one checkout with a stack of each engine: Terraform in the lab, CloudFormation at the endpoint, Kolla by its stand-in. */
describe('a deploy over all engines, killed as soon as its journal has some entries', () => {
  let all: AllEngines;
  /** Of AWS, before anything is killed. */
  let made: readonly string[];

  beforeAll(async () => {
    all = await openAllEngines();
    await all.ok('deploy', await all.approved(), '--yes');
  });
  afterAll(() => all.close());

  test('has the entries that are tried', async () => {
    all.change();
    await all.ok('deploy', await all.approved(), '--yes');
    expect(all.lastJournal().map(({ entry }) => entry)).toHaveLength(ENTRIES);
    expect(await all.live()).toEqual(['unchanged', 'unchanged', 'unchanged']);
    made = all.resources();
  });

  const entries = Array.from({ length: ENTRIES - 1 }, (_, index) => index + 1);
  test.each(sample(entries, 2))(
    '%i of them, it is finished by --resume, with nothing twice and nothing left',
    async (at) => {
      all.change();
      const killed = await all.killedAt(at, 'deploy', await all.approved(), '--yes');
      expect(killed.code, killed.log).toBeNull();
      const resumed = await all.tandem('deploy', '--resume', '--yes');
      expect(resumed.code, resumed.log).toBe(0);
      expect(await all.live()).toEqual(['unchanged', 'unchanged', 'unchanged']);
      expect(await all.orphans()).toEqual([]);
      expect(all.resources()).toEqual(made);
      expect(all.unfinished()).toEqual([]);
    },
  );

  test('and a lease that leaves the configuration, approved as well, leaves nothing in the cloud', async () => {
    all.retire();
    await all.ok('deploy', await all.approved(), '--yes');
    expect(await all.projects()).toEqual([]);
  });
});
