import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { renderDrift } from '../../../../lib/cli/render/drift.ts';
import { unmanaged } from '../../../../lib/plan/difference/unmanaged.ts';
import type { Change, StackPlan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import type { StackId } from '../../../../lib/stack/id.ts';

const stack = (id: StackId, drift: readonly Change[]): StackPlan => ({
  ...{ id, engine: 'terraform', status: 'unchanged', changes: [], unresolvedInputs: [], drift },
});
const gone: Change = {
  ...{ address: 'openstack_networking_port_v2.web', type: 'openstack_networking_port_v2', action: 'delete' },
  ...{ reasons: [], attributes: [], source: null, noise: false, restarts: [], findings: [] },
};
const render = (...stacks: StackPlan[]): string =>
  renderDrift(toPlan({ kind: 'live', ref: '' }, stacks), createColors(false));

test('ends with what to do about what changed, for the stacks that it is about', () => {
  const text = render(stack('openstack/paris/dev/a', [gone]), stack('openstack/paris/dev/b', []));
  expect(text).toContain('1 of 2 stacks are as applied.');
  expect(text).toContain('`tandem plan --live openstack/paris/dev/a`');
  expect(text).toContain('`tandem deploy openstack/paris/dev/a`');
  expect(text).toContain('To keep it:');
});

test('advises no deploy against what nobody manages', () => {
  const text = render(stack('openstack/paris/dev/a', [unmanaged('x', 'y', 'floating address 203.0.113.7')]));
  expect(text).toContain('stays until somebody removes it in the cloud');
  expect(text).not.toContain('tandem deploy');
});

test('has no advice where nothing drifted', () => {
  expect(render(stack('openstack/paris/dev/a', []))).toBe('1 of 1 stack is as applied.\n');
});

test('of nothing says that nothing was applied', () => {
  expect(render()).toBe('No stack was applied yet, so none can have drifted.\n');
});
