import { describe, expect, test } from 'vitest';
import { approversSchema } from '../../../../lib/config/schema/approvers.ts';
import { policiesSchema } from '../../../../lib/config/schema/policies.ts';
import { requireAllowed } from '../../../../lib/deploy/bundle/require-bundle.ts';
import type { Finding } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { findingsOf } from '../../../../lib/review/policies/findings.ts';

const refused: Finding = {
  ...{ rule: 'aws-vcpu-quota', level: 'deny', stack: 'aws/prod/cluster', address: 'Group' },
  ...{ reason: 'at its minimum of 50 instances …', owner: null },
};

async function judged(policies: object = {}, approvers?: object): Promise<Finding[]> {
  const plan = { ...toPlan({ kind: 'live', ref: '' }, []), findings: [refused] };
  const people = { ada: { email: 'ada@example.org' } };
  const parsed = approvers === undefined ? undefined : approversSchema.parse({ people, ...approvers });
  const project = { approvers: parsed && { value: parsed } } as never;
  const settings = policiesSchema.parse(policies);
  const context = { project, settings, before: () => 'absent', now: new Date('2026-11-28T12:00:00Z') } as never;
  return await findingsOf(plan, context, async () => []);
}

describe('a finding that a live plan comes with', () => {
  test('refuses the deploy, in words of its own', async () => {
    const findings = await judged();
    expect(findings).toEqual([refused]);
    expect(() => requireAllowed({ findings })).toThrow(
      'AWS would refuse the plan: aws-vcpu-quota on aws/prod/cluster Group: at its minimum of 50 instances …',
    );
  });
  test('has the level that the project gives its rule', async () => {
    const findings = await judged({ levels: { 'aws-vcpu-quota': 'warn' } });
    expect(findings).toEqual([{ ...refused, level: 'warn' }]);
    requireAllowed({ findings });
    expect(await judged({ levels: { 'aws-vcpu-quota': 'off' } })).toEqual([]);
  });
  test('is accepted for a time', async () => {
    const override = { policy: 'aws-vcpu-quota', reason: 'the increase comes today', by: 'ada', expires: '2026-11-30' };
    const findings = await judged({}, { overrides: [override] });
    expect(findings).toMatchObject([{ owner: 'ada', override: { expires: '2026-11-30' } }]);
    requireAllowed({ findings });
  });
});
