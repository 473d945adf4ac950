import { expect, test } from 'vitest';
import { prerequisites } from '../../../lib/deploy/order.ts';
import type { Target } from '../../../lib/deploy/ports.ts';
import type { StackId } from '../../../lib/stack/id.ts';

/** A stack of which nothing but the recorded artefact is left. */
const gone = (id: StackId, destroy: boolean): Target => ({
  stack: {
    id,
    engine: 'cloudformation',
    dependsOn: [],
    unresolvedInputs: [],
    files: [],
    target: {},
    citations: {},
    text: '',
    digest: '',
  },
  destroy,
});

test.each([
  ['aws/old/cluster', 'aws/old/network'],
  ['openstack/old/dev/alice', 'openstack/old/base'],
] as const)('%s goes before %s, though nothing but their ids says so', (dependent, needed) => {
  const before = prerequisites([gone(needed, true), gone(dependent, true)]);
  expect([before.get(needed), before.get(dependent)]).toEqual([[dependent], []]);
  const making = prerequisites([gone(needed, false), gone(dependent, false)]);
  expect([making.get(needed), making.get(dependent)]).toEqual([[], [needed]]);
});
