import { describe, expect, it } from 'vitest';
import type { StackPlan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { renderHtml } from '../../../../lib/plan/render/html.ts';

const stack: StackPlan = {
  id: 'openstack/paris/dev/anna',
  engine: 'terraform',
  status: 'changed',
  unresolvedInputs: [],
  drift: [],
  changes: ['web-1', 'web-2'].map((name) => ({
    address: `server.${name}`,
    type: 'server',
    action: 'replace',
    reasons: [],
    attributes: [
      {
        path: 'user_data',
        before: '<script>alert(1)</script>',
        after: 'b & c',
        afterUnknown: false,
        sensitive: false,
        forcesReplacement: true,
      },
    ],
    source: { file: 'config/blueprints/di.yaml', line: 7 },
    noise: false,
    restarts: [],
    findings: [],
  })),
};
const plan = {
  ...toPlan({ kind: 'empty', ref: '' }, [stack]),
  availability: ['paris: if rack b fails now: <nothing>'],
};
const page = renderHtml(plan, { at: new Date('2026-11-21T10:00:00Z'), pictures: new Map([['paris', '<svg></svg>']]) });

describe('the plan as a page', () => {
  it('says what destroys first, equal changes once, each with its line', () => {
    expect(page).toContain('<h1>Plan: 0 to delete, 2 to replace, 0 to update, 0 to create</h1>');
    expect(page).toContain('<details open><summary><b>openstack/paris/dev/anna</b> 2 to replace</summary>');
    expect(page).toContain('<code>server.web-1</code><br><code>server.web-2</code>');
    expect(page).toContain('config/blueprints/di.yaml:7');
  });

  it('shows values as text, never as markup', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('<p>paris: if rack b fails now: &lt;nothing&gt;</p>');
  });

  it('carries the pictures of the clouds in itself', () => {
    expect(page).toContain('<summary>paris as planned</summary><svg></svg>');
    expect(page).not.toMatch(/(?:src|href)=/);
  });
});
