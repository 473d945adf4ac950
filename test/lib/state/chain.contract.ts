import { expect, test } from 'vitest';
import type { StackId } from '../../../lib/stack/id.ts';
import type { Journal, ToldOperation } from '../../../lib/state/journal.ts';
import type { StoresFixture } from './stores.contract.ts';

const base: StackId = 'openstack/lab/base';

export async function run(journal: Journal, keys: readonly string[] = ['one', 'two']): Promise<string> {
  const id = await journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: 'abc', arguments: {} });
  for (const key of keys) {
    await journal.intend({ operation: id, key, detail: {}, as: ['arn:aws:sts::111122223333:assumed-role/deploy/ops'] });
    await journal.done({ operation: id, key }, null);
  }
  await journal.end(id, 'succeeded');
  return id;
}

async function chainsOf(journal: Journal): Promise<ToldOperation['chain'][]> {
  const chains: ToldOperation['chain'][] = [];
  for await (const { chain } of journal.tell()) chains.push(chain);
  return chains;
}

/** The entries of a journal are chained, whoever keeps them. */
export function chainContract(fixture: () => StoresFixture): void {
  test('what one after the other wrote is one chain, and names who acted', async () => {
    const { journal } = await fixture().open();
    const first = await run(journal);
    await run((await fixture().open()).journal);
    expect(await chainsOf(journal)).toEqual(['whole', 'whole']);
    expect(await journal.breaks(10)).toEqual([]);
    const [begin, intend, done] = await journal.entries(first);
    expect(begin).toMatchObject({ after: [] });
    expect(intend).toMatchObject({ as: ['arn:aws:sts::111122223333:assumed-role/deploy/ops'] });
    expect(done).toMatchObject({ previous: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  test('steps and operations that run at once are chained as well', async () => {
    const { journal } = await fixture().open();
    const ids = await Promise.all(
      Array.from({ length: 6 }, () =>
        journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} }),
      ),
    );
    const steps = ids.flatMap((operation) =>
      Array.from({ length: 5 }, (_, n) => ({ operation, key: String(n), detail: {} })),
    );
    await Promise.all(steps.map((step) => journal.intend(step)));
    for (const id of ids) await journal.end(id, 'succeeded');
    const last = await run(journal);
    expect(await journal.breaks(10)).toEqual([]);
    expect((await journal.entries(last))[0]).toMatchObject({
      after: ids.sort().map((operation) => expect.objectContaining({ operation }) as object),
    });
    // Each is named once.
    const next = await run(journal);
    expect((await journal.entries(next))[0]).toMatchObject({
      after: [expect.objectContaining({ operation: last }) as object],
    });
  });

  test('an operation that another process goes on with stays one chain', async () => {
    const id = await (await fixture().open()).journal.begin({
      verb: 'deploy',
      stacks: [base],
      by: 'ops',
      commit: '',
      arguments: {},
    });
    const { journal } = await fixture().open();
    await journal.intend({ operation: id, key: 'one', detail: {} });
    await (await fixture().open()).journal.end(id, 'abandoned');
    expect(await journal.breaks(10)).toEqual([]);
    expect(await journal.tellOf(id)).toMatchObject({ chain: 'whole', operation: { outcome: 'abandoned' } });
    expect(await journal.tellOf('20261128T101112-abcdef')).toBeUndefined();
  });

  test('fails nothing, but tells, where an entry was put in between', async () => {
    const { journal } = await fixture().open();
    const id = await journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} });
    const [begin] = await journal.entries(id);
    const forged = {
      format: 'tandem.journal/1',
      entry: 'done',
      operation: id,
      at: begin?.at,
      key: 'one',
      result: null,
    };
    await fixture().spoil('journal', id, JSON.stringify(forged));
    await journal.end(id, 'succeeded');
    expect(await journal.breaks(10)).toEqual([
      { operation: id, why: expect.stringContaining('carries no hash') as string },
    ]);
    expect(await chainsOf(journal)).toEqual(['broken']);
  });
}
