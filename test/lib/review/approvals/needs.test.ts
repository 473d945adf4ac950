import { describe, expect, it } from 'vitest';
import type { ApprovalNeed } from '../../../../lib/plan/model.ts';
import { reviewPlan } from '../../../../lib/review/review.ts';
import { type ConfigText, type Edit, planEdit, replaceIn } from '../edited.ts';

const PROD = 'config/environments/prod.yaml';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMvRD4FhUFzP6n7pXZ5dWQyYVfYZcW3Wn0l6xT3n5yqC';
const people = (more = ''): string =>
  `people:\n  ada: { email: ada@acme.example.org, groups: [ops], keys: ["${KEY}"] }\n` +
  `  anna: { email: anna@acme.example.org, keys: ["${KEY.replace('yqC', 'yqD')}"] }\n${more}`;

async function needs(
  stacks: Edit['stacks'],
  edit: (files: ConfigText) => void,
  approvers = people(),
  artefact?: Edit['artefact'],
): Promise<readonly ApprovalNeed[]> {
  const both = (files: ConfigText): void => {
    edit(files);
    files['config/approvers.yaml'] = approvers;
  };
  const { plan, project, base } = await planEdit({
    edit: both,
    stacks,
    ...(artefact === undefined ? {} : { artefact }),
  });
  const ask = () => Promise.resolve([]);
  const now = new Date('2026-11-28T12:00:00Z');
  const reviewed = await reviewPlan(plan, { project, before: () => base, root: '/nowhere', now, ask });
  return reviewed.approvals;
}

const CLUSTER = ['aws/prod/cluster'] as const;
const larger = (files: ConfigText): void => replaceIn(files, PROD, 'maximum: 500', 'maximum: 510');
const noEvening = (files: ConfigText): void =>
  replaceIn(files, PROD, '      evening: { recurrence: "0 20 * * 1-5", timeZone: Europe/Paris, minimum: 50 }\n', '');
const smallerLease = (files: ConfigText): void =>
  replaceIn(files, 'config/dev/anna.yaml', 'blueprint: bare', 'blueprint: bare\nstate: frozen');
const both = (files: ConfigText): void => {
  larger(files);
  smallerLease(files);
};

describe('who must approve, where the file has no rules', () => {
  it('is nobody for an empty plan', async () => {
    expect(await needs(CLUSTER, () => undefined)).toEqual([]);
  });

  it('is nobody where nobody has a key', async () => {
    expect(await needs(CLUSTER, larger, 'people:\n  ada: { email: ada@acme.example.org }\n')).toEqual([]);
  });

  it('is one for a change', async () => {
    expect(await needs(CLUSTER, larger)).toMatchObject([{ rule: 'default', count: 1, of: [] }]);
    expect(await needs(CLUSTER, larger, people('of: [ops]\ncount: 2\n'))).toMatchObject([{ count: 2, of: ['ops'] }]);
  });

  it('is two for one deletion in production, and one in staging', async () => {
    expect(await needs(CLUSTER, noEvening)).toMatchObject([{ rule: 'protected-deletion', count: 2 }]);
    const withoutBudget: Edit['artefact'] = (template) => {
      const { Resources } = template as unknown as { Resources: Record<string, { Type: string }> };
      const kept = Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::Budgets::Budget');
      Object.assign(template, { Resources: Object.fromEntries(kept) });
    };
    const staging = ['aws/staging/cluster'] as const;
    expect(await needs(staging, () => undefined, people(), withoutBudget)).toMatchObject([
      { rule: 'default', count: 1 },
    ]);
  });

  it('is two where the same change takes the protection away', async () => {
    const sly = (files: ConfigText): void => {
      noEvening(files);
      replaceIn(files, PROD, 'account: "111122223333"', 'account: "111122223333"\n  terminationProtection: false');
    };
    expect(await needs(CLUSTER, sly)).toMatchObject([{ rule: 'protected-deletion', count: 2 }]);
  });

  it('is its owner for a lease, whose own approval counts, and others for what is beside it', async () => {
    const owner = { rule: 'lease-owner', count: 1, of: ['anna@acme.example.org'], authorCounts: true };
    expect(await needs(['openstack/paris/dev/anna'], smallerLease)).toMatchObject([owner]);
    expect(await needs(['openstack/paris/dev/anna', ...CLUSTER], both)).toMatchObject([{ rule: 'default' }, owner]);
  });

  it('is the owner of before, where the plan gives the lease to another', async () => {
    const taken = (files: ConfigText): void => {
      replaceIn(files, 'config/dev/anna.yaml', 'owner: anna@', 'owner: ada@');
    };
    expect(await needs(['openstack/paris/dev/anna'], taken)).toMatchObject([{ of: ['anna@acme.example.org'] }]);
  });

  it('is somebody else for a lease whose owner has no key', async () => {
    const bruno = (files: ConfigText): void =>
      replaceIn(files, 'config/dev/bruno.yaml', 'blueprint: bare', 'blueprint: bare\nstate: frozen');
    expect(await needs(['openstack/paris/dev/bruno'], bruno)).toMatchObject([{ rule: 'default' }]);
  });
});

describe('rules of the file', () => {
  const RULES = people(`rules:
  - { id: prod, stacks: ["aws/prod/*"], count: 1, of: [ops] }
  - { id: prod-strict, stacks: [prod], actions: [delete, replace], count: 3, of: [ops], reason: deletions are rare }
  - { id: data, losesData: true, count: 2 }
  - { id: dear, policies: [over-budget], count: 1, of: [ada] }
  - { id: free, stacks: ["openstack/*/dev/*"], protected: false, count: 0 }
`);

  it('hold all that match, and of those that ask the same people the strictest', async () => {
    expect(await needs(CLUSTER, larger, RULES)).toMatchObject([
      { rule: 'prod', reason: 'prod', count: 1, of: ['ops'] },
    ]);
    expect(await needs(CLUSTER, noEvening, RULES)).toMatchObject([
      { rule: 'prod-strict', reason: 'deletions are rare', count: 3, of: ['ops'] },
    ]);
  });

  it('match what policies found', async () => {
    const dear = (files: ConfigText): void => replaceIn(files, PROD, 'maximum: 500', 'maximum: 900');
    expect(await needs(CLUSTER, dear, RULES)).toMatchObject([{ rule: 'prod' }, { rule: 'dear', of: ['ada'] }]);
  });

  it('may ask nobody; where none matches, the default holds', async () => {
    expect(await needs(['openstack/paris/dev/anna'], smallerLease, RULES)).toEqual([]);
    const lab = (files: ConfigText): void =>
      replaceIn(files, 'config/environments/staging.yaml', 'expireDays: 14', 'expireDays: 15');
    expect(await needs(['aws/staging/cluster'], lab, RULES)).toMatchObject([{ rule: 'default' }]);
  });

  it('match lost data', async () => {
    const rebuilt = (files: ConfigText): void =>
      replaceIn(
        files,
        'config/dev/anna.yaml',
        'blueprint: bare',
        'blueprint: bare\nprotected: true\ntiers: { web: { count: 1 } }',
      );
    expect(await needs(['openstack/paris/dev/anna'], rebuilt, RULES)).toMatchObject([
      { rule: 'data', count: 2, of: [] },
    ]);
  });
});
