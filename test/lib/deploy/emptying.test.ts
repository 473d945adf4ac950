import { describe, expect, test } from 'vitest';
import { confirmEmpty } from '../../../lib/actions/deploy/confirm-empty.ts';
import { stacksToEmpty } from '../../../lib/deploy/emptying.ts';
import { holdsData } from '../../../lib/deploy/errors.ts';
import { explainFailure } from '../../../lib/deploy/explain-failure.ts';
import type { LivePlan } from '../../../lib/deploy/plan-targets.ts';
import { Progress } from '../../../lib/deploy/progress.ts';
import type { Holding } from '../../../lib/engines/holdings.ts';

const results: Holding = {
  ...{ address: 'Results', name: 'bucket acme-results', text: '3 objects, 1.2 MiB' },
  ...{ isWork: true, isKept: false },
};
const heartbeats: Holding = { ...results, address: 'Heartbeats', name: 'table beats', isWork: false };
const kept: Holding = { ...results, address: 'Kept', isKept: true };
const planOf = (id: string, holdings: readonly Holding[], destroy = true): LivePlan =>
  ({ target: { stack: { id }, destroy }, frozen: { holdings } }) as unknown as LivePlan;

describe('stacks that are emptied before they go', () => {
  test('none, where only bookkeeping or what stays is in them', async () => {
    expect([...((await stacksToEmpty([planOf('custom/a', [heartbeats, kept])], {})) ?? ['no'])]).toEqual([]);
  });
  test('all that go, where the operator said so beforehand', async () => {
    const plans = [planOf('custom/a', []), planOf('custom/b', [results]), planOf('custom/c', [], false)];
    expect([...((await stacksToEmpty(plans, { empty: true })) ?? [])]).toEqual(['custom/a', 'custom/b']);
  });
  test('those whose word somebody typed', async () => {
    const asked: string[] = [];
    const plans = [planOf('custom/a', []), planOf('custom/b', [results, heartbeats])];
    const confirm = (answer: boolean) => ({
      confirmEmpty: async (stacks: readonly { stack: string; holdings: readonly Holding[] }[]) => {
        asked.push(...stacks.map(({ stack, holdings }) => `${stack} ${holdings.map(({ name }) => name).join()}`));
        return answer;
      },
    });
    expect([...((await stacksToEmpty(plans, confirm(true))) ?? [])]).toEqual(['custom/b']);
    expect(await stacksToEmpty(plans, confirm(false))).toBeUndefined();
    expect(asked).toEqual(['custom/b bucket acme-results', 'custom/b bucket acme-results']);
  });
  test('fails where nobody can be asked, with the command that helps', async () => {
    await expect(stacksToEmpty([planOf('custom/b', [results])], {})).rejects.toMatchObject({
      code: 'holds-data',
      message: 'data would be lost: in custom/b, bucket acme-results holds 3 objects, 1.2 MiB',
      next: 'copy what is still needed; then `tandem destroy custom/b --empty` deletes it with the rest',
    });
  });
});

test('a yes is not the word', async () => {
  const answers = ['yes', 'empty', undefined];
  const told: string[] = [];
  const io = {
    emit: (event: { readonly text?: string }) => void told.push(event.text ?? ''),
    text: async () => answers.shift(),
  } as never;
  const stacks = [{ stack: 'custom/b' as const, holdings: [results] }];
  expect(await confirmEmpty(io, stacks)).toBe(false);
  expect(await confirmEmpty(io, stacks)).toBe(true);
  await expect(confirmEmpty(io, stacks)).rejects.toMatchObject({ code: 'holds-data' });
  expect(told[0]).toBe('CAUTION: in custom/b, bucket acme-results holds 3 objects, 1.2 MiB');
});

test('a removal is repeated by its own command, not by another one after it', () => {
  const progress = new Progress();
  progress.begin('destroy custom/b');
  const error = holdsData([{ stack: 'custom/b', holdings: [results] }]);
  const told = explainFailure(error, { id: 'op-1', progress }, { signal: new AbortController().signal });
  expect(told).toMatchObject({ next: error.next });
});
