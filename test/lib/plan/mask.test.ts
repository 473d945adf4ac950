import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { maskPlan } from '../../../lib/plan/mask.ts';
import { HIDDEN, type Plan } from '../../../lib/plan/model.ts';
import { toPlan } from '../../../lib/plan/plan.ts';
import { renderHtml } from '../../../lib/plan/render/html/page.ts';
import { renderMarkdown } from '../../../lib/plan/render/markdown.ts';
import { renderText } from '../../../lib/plan/render/text.ts';
import { attribute, change, stack } from './render/plans.ts';

const SECRET = 'hunter2hunter2';

function planOf(...attributes: Parameters<typeof attribute>[]): Plan {
  const update = change('t.a', {
    attributes: attributes.map((each) => attribute(...each)),
    reasons: [`it was ${SECRET}`],
  });
  const plan = toPlan({ kind: 'record', ref: '' }, [stack('aws/prod/cluster', [update], { drift: [update] })]);
  return { ...plan, findings: [{ rule: 'r', level: 'warn', address: 't.a', reason: `holds ${SECRET}`, owner: null }] };
}

const shown = (plan: Plan): string => {
  const context = { commit: '', isDirty: false, at: new Date(0), link: () => 'x' };
  return [
    JSON.stringify(plan),
    renderText(plan, { colors: pc.createColors(false), verbose: true }),
    renderMarkdown(plan, context),
    renderHtml(plan, { ...context, pictures: new Map() }),
  ].join('\n');
};

describe('masks', () => {
  it.each([
    ['user_data', ['user_data', SECRET, 'x']],
    ['**.password', ['config.0.password', SECRET, null]],
    ['metadata', ['metadata.token', null, SECRET]],
    ['metadata.*', ['metadata', { token: SECRET }, { token: 'other' }]],
    ['container.env', ['container.2.env', [SECRET], []]],
    ['**.secret', ['body', `{"a": [{"secret": "${SECRET}"}]}`, '{"a": []}']],
  ] as const)('%s hide a value wherever it is shown', (mask, each) => {
    const plan = planOf([...each]);
    expect(shown(plan)).toContain(SECRET);
    const masked = maskPlan(plan, ['unrelated', mask]);
    expect(shown(masked)).not.toContain(SECRET);
    expect(masked.stacks[0]?.changes[0]).toMatchObject({
      reasons: [`it was ${HIDDEN}`],
      attributes: [{ sensitive: true }],
    });
    expect(masked.digest).toBe(plan.digest);
  });

  it('still say that a hidden value changes', () => {
    const masked = maskPlan(planOf(['user_data', SECRET, `${SECRET}3`]), ['user_data']);
    expect(renderText(masked, { colors: pc.createColors(false), verbose: false })).toContain(
      'user_data: changes (sensitive, not shown)',
    );
  });

  it('leave everything else as it is', () => {
    const plan = planOf(['user_data', 'a', 'b']);
    expect(maskPlan(plan, ['password', '*.user_data'])).toEqual(plan);
  });

  it('fails, and gives no plan, where they cannot be applied', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 20_000; depth += 1) deep = { deep };
    const plan = planOf();
    const stacks = [stack('aws/prod/cluster', [change('t.a', { attributes: [attribute('a', deep, null)] })])];
    expect(() => maskPlan({ ...plan, stacks }, ['**.password'])).toThrow(
      expect.objectContaining({ code: 'masking-failed' }),
    );
  });
});
