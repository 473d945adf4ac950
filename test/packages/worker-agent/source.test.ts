import { expect, test } from 'vitest';
import { JobSource } from '../../../packages/worker-agent/src/source.ts';
import { FakeClock, FakeQueue } from './fakes.ts';

const never = new AbortController().signal;

function queuesOf(priorities: Readonly<Record<string, number>>) {
  const clock = new FakeClock();
  const sources = Object.entries(priorities)
    .map(([name, priority]) => ({
      config: { name, url: name, priority, visibilityTimeoutSeconds: 30, timeoutSeconds: 60, maximumReceives: 5 },
      queue: new FakeQueue(clock),
    }))
    .sort((a, b) => b.config.priority - a.config.priority);
  const source = new JobSource({ sources, clock, random: () => 0, log: () => undefined });
  const queue = (name: string) => sources.find(({ config }) => config.name === name)!.queue;
  const take = async (signal = never) => {
    const found = await source.take(signal);
    return found === undefined ? undefined : `${found.queue.name} ${found.message.id}`;
  };
  return { clock, queue, take };
}

test('jobs of a higher priority come first, whenever they were sent', async () => {
  const { queue, take } = queuesOf({ slow: 1, urgent: 10, usual: 5 });
  for (const name of ['slow', 'usual', 'urgent']) for (const id of ['a', 'b']) queue(name).send(id, '{}');
  const taken = [await take(), await take(), await take()];
  queue('urgent').send('late', '{}');
  taken.push(await take(), await take(), await take(), await take());
  expect(taken).toEqual(['urgent a', 'urgent b', 'usual a', 'urgent late', 'usual b', 'slow a', 'slow b']);
});

test('queues of one priority have their turns', async () => {
  const { queue, take } = queuesOf({ left: 1, right: 1 });
  for (const id of ['a', 'b', 'c']) for (const name of ['left', 'right']) queue(name).send(id, '{}');
  const names: string[] = [];
  for (let count = 0; count < 6; count += 1) names.push((await take())?.split(' ')[0] ?? '');
  expect(names.filter((name, index) => name === names[index + 1])).toEqual([]);
});

test('a job that comes to any queue ends the wait, and one that comes with it is given back', async () => {
  const { clock, queue, take } = queuesOf({ urgent: 10, slow: 1 });
  const taking = take();
  await clock.advance(5000);
  queue('slow').send('a', '{}');
  queue('urgent').send('b', '{}');
  expect(await taking).toBe('slow a');
  expect(await take()).toBe('urgent b');
  await clock.advance(0);
  const left = [...queue('slow').messages, ...queue('urgent').messages].filter(
    ({ visibleAt }) => visibleAt <= clock.now(),
  );
  expect(left).toEqual([]);
});

test('nothing is taken once it is stopped', async () => {
  const { clock, queue, take } = queuesOf({ urgent: 10, slow: 1 });
  const stop = new AbortController();
  const taking = take(stop.signal);
  await clock.advance(1000);
  stop.abort();
  expect(await taking).toBeUndefined();
  queue('slow').send('a', '{}');
  expect(queue('slow').messages[0]?.receives).toBe(0);
});
