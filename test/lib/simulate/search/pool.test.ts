import { expect, onTestFinished, test } from 'vitest';
import { openPool } from '../../../../lib/simulate/search/pool.ts';

interface Squared {
  readonly value: number;
  readonly thread: number;
}

function squares() {
  const module = new URL('slow-square.ts', import.meta.url).href;
  const pool = openPool<{ readonly factor: number }, number, Squared>({ module, setup: { factor: 2 }, threads: 2 });
  onTestFinished(() => pool.close());
  return pool;
}

test('outcomes are in the order of the tasks, whoever was first, from both threads', async () => {
  const told: number[] = [];
  const outcomes = await squares().run([1, 2, 3, 4, 5, 6], (index) => told.push(index));
  expect(outcomes.map(({ value }) => value)).toEqual([2, 8, 18, 32, 50, 72]);
  expect(new Set(outcomes.map(({ thread }) => thread)).size).toBe(2);
  expect(told.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
});

test('fails with what a task throws, and the threads go on', async () => {
  const pool = squares();
  await expect(pool.run([-3])).rejects.toThrow('got -3');
  await expect(pool.run([3])).resolves.toMatchObject([{ value: 18 }]);
});

test('fails where the module is not there', async () => {
  const pool = openPool({ module: new URL('nowhere.ts', import.meta.url).href, setup: {}, threads: 1 });
  onTestFinished(() => pool.close());
  await expect(pool.run([1])).rejects.toThrow(/nowhere/);
});
