import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { MEMBERS_IN_SHELL, voters } from '../../../../lib/components/mongodb/replica-set.ts';
import { majorityOf } from '../../../../lib/config/majority.ts';
import { check, type Rules } from './replica-set-model.ts';

interface Member {
  readonly _id: number;
  readonly host: string;
  readonly votes: 0 | 1;
  readonly priority: number;
}

/** As the script counts them. */
function replicaSetMembers(count: number, zones: number): readonly Member[] {
  const hosts = Array.from({ length: count }, (_, index) => `alice-store-${index + 1}:27017`);
  const told: unknown = runInNewContext(`${MEMBERS_IN_SHELL}; JSON.stringify(replicaSetMembers(hosts, zones))`, {
    hosts,
    zones,
  });
  return JSON.parse(String(told)) as readonly Member[];
}

function rules(count: number, changes: Partial<Rules> = {}): Rules {
  return {
    members: replicaSetMembers(count, 3),
    electBy: majorityOf(voters(count)),
    acknowledgeBy: majorityOf(voters(count)),
    terms: 3,
    writes: 2,
    ...changes,
  };
}

describe('in every order of crashes, elections, writes and partitions', () => {
  test('three members lose no acknowledged write, and a term has one primary', () => {
    const { violation, states } = check(rules(3));
    expect(violation).toBeUndefined();
    expect(states).toBeGreaterThan(10_000);
  });

  test('five members do neither', () => {
    const { violation, states } = check(rules(5, { terms: 2, writes: 1 }));
    expect(violation).toBeUndefined();
    expect(states).toBeGreaterThan(10_000);
  });

  test('fails for writes that one member acknowledges', () => {
    expect(check(rules(3, { acknowledgeBy: 1 })).violation).toMatch(/acknowledged write/);
  });

  test('fails for half of four members as a majority', () => {
    expect(check(rules(4, { electBy: 2, acknowledgeBy: 2, terms: 2, writes: 1 })).violation).toBeDefined();
  });
});

describe('votes', () => {
  const sizes = Array.from({ length: 50 }, (_, index) => index + 1);

  test.each(sizes)('of %i members at most seven vote, and who does not is never a primary', (count) => {
    const members = replicaSetMembers(count, 3);
    expect(members.filter(({ votes }) => votes === 1).length).toBe(Math.min(7, count));
    expect(members.filter(({ votes, priority }) => votes === 0 && priority > 0)).toEqual([]);
  });

  test.each([3, 5, 7, 9])('%i members over three zones keep the majority without any one zone', (count) => {
    const members = replicaSetMembers(count, 3);
    for (const zone of [0, 1, 2]) {
      const left = members.filter((_member, index) => index % 3 !== zone);
      expect(left.filter(({ votes }) => votes === 1).length).toBeGreaterThanOrEqual(majorityOf(voters(count)));
      expect(left.some(({ priority }) => priority > 0)).toBe(true);
    }
  });

  test('the primary returns to the zone of the first member', () => {
    expect(replicaSetMembers(5, 3).map(({ priority }) => priority)).toEqual([2, 1, 1, 2, 1]);
  });

  test.each(sizes)(
    'of %i members each is itself, and the first seven vote: those in the zone of the first before the others',
    (count) => {
      for (const zones of [1, 2, 3])
        expect(replicaSetMembers(count, zones)).toEqual(
          Array.from({ length: count }, (_, index) => ({
            _id: index,
            host: `alice-store-${index + 1}:27017`,
            ...(index < 7 ? { votes: 1, priority: index % zones === 0 ? 2 : 1 } : { votes: 0, priority: 0 }),
          })),
        );
    },
  );

  test('a majority of the voters is more than half', () => {
    expect(sizes.every((count) => majorityOf(voters(count)) * 2 > voters(count))).toBe(true);
  });
});
