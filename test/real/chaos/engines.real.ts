import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sample } from '../../chaos.ts';
import { type AllEngines, openAllEngines, STACKS } from './all-engines.ts';

/** Of an operation on three stacks: begun, an effect begun and done for each, ended. */
const ENTRIES = 8;

/** One checkout with a stack of each engine: Terraform in the lab, CloudFormation at the endpoint, Kolla by its stand-in. */
describe('a deploy over all engines, killed as soon as its journal has some entries', () => {
  let all: AllEngines;

  beforeAll(async () => {
    all = await openAllEngines();
    await all.ok('deploy', ...STACKS, '--yes');
  });
  afterAll(() => all.close());

  test('has the entries that are tried', async () => {
    all.change();
    await all.ok('deploy', ...STACKS, '--yes');
    expect(all.lastJournal().map(({ entry }) => entry)).toHaveLength(ENTRIES);
    expect(await all.live()).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  const entries = Array.from({ length: ENTRIES - 1 }, (_, index) => index + 1);
  test.each(sample(entries, 2))(
    '%i of them, it is finished by --resume, with nothing twice and nothing left',
    async (at) => {
      all.change();
      const killed = await all.killedAt(at, 'deploy', ...STACKS, '--yes');
      expect(killed.code, killed.log).toBeNull();
      const resumed = await all.tandem('deploy', '--resume', '--yes');
      expect(resumed.code, resumed.log).toBe(0);
      expect(await all.live()).toEqual(['unchanged', 'unchanged', 'unchanged']);
      expect(await all.orphans()).toEqual([]);
      expect(all.unfinished()).toEqual([]);
    },
  );

  test('and destroyed, nothing is left in any cloud', async () => {
    await all.ok('destroy', ...STACKS.filter((id) => !id.startsWith('kolla/')), '--yes');
    expect(await all.remains()).toEqual([]);
  });
});
