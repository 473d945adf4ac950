import { describe, expect, it } from 'vitest';
import { approversSchema } from '../../../../lib/config/schema/approvers.ts';
import type { Finding } from '../../../../lib/plan/model.ts';
import { withOverrides } from '../../../../lib/review/policies/overrides.ts';

const finding: Finding = {
  ...{
    rule: 'unencrypted',
    level: 'deny',
    stack: 'aws/prod/cluster',
    address: 'Disk',
    reason: 'in clear',
    owner: null,
  },
};
const own = { policy: 'unencrypted', reason: 'a scratch disk', by: 'ada', expires: '2026-12-10' };

function judge(override: object, owner?: string): Finding {
  const approvers = approversSchema.parse({
    people: { ada: { email: 'ada@example.org', groups: ['security'] }, bob: { email: 'bob@example.org' } },
    overrides: [override],
  });
  const now = new Date('2026-11-28T12:00:00Z');
  return withOverrides([finding], { approvers, ownerOf: () => owner, now, days: 30 })[0] ?? finding;
}

describe('an override', () => {
  it.each([
    ['of the whole policy', own, undefined],
    ['of a stack', { ...own, stack: 'aws/prod/*' }, undefined],
    ['of an address', { ...own, address: 'D*k' }, undefined],
    ['by the owner', own, 'ada'],
    ['by somebody of the group that owns the policy', own, 'security'],
    ['on its last day', { ...own, expires: '2026-11-28' }, undefined],
  ])('%s holds', (_, override, owner) => {
    expect(judge(override, owner)).toEqual({
      ...finding,
      owner: 'ada',
      override: { reason: own.reason, expires: override.expires },
    });
  });

  it.each([
    ['of another policy', { ...own, policy: 'untagged' }, undefined],
    ['of another stack', { ...own, stack: 'aws/staging/*' }, undefined],
    ['of another address', { ...own, address: 'Disks' }, undefined],
    ['of an address that is no pattern', { ...own, address: 'D.sk' }, undefined],
  ])('%s is about something else', (_, override, owner) => {
    expect(judge(override, owner)).toEqual(finding);
  });

  it.each([
    ['after its last day', { ...own, expires: '2026-11-27' }, undefined, 'the override by ada expired on 2026-11-27'],
    ['for too long', { ...own, expires: '2027-03-01' }, undefined, '2027-03-01 is more than 30 days ahead'],
    ['of somebody unknown', { ...own, by: 'eve' }, undefined, 'no approver has that name'],
    ['of somebody who does not own the policy', { ...own, by: 'bob' }, 'security', 'security owns the policy'],
  ])('%s denies again, and is said', (_, override, owner, why) => {
    const judged = judge(override, owner);
    expect(judged).toMatchObject({ level: 'deny', owner: null });
    expect(judged.override).toBeUndefined();
    expect(judged.reason).toContain(why);
  });
});
