import { HtmlRenderer, Parser } from 'commonmark';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { LIMITS } from '../../../../lib/plan/render/markdown/limit.ts';
import { type ReviewContext, renderMarkdown } from '../../../../lib/plan/render/markdown.ts';
import { renderText } from '../../../../lib/plan/render/text.ts';
import { StackId } from '../../../../lib/stack/id.ts';
import { firstHidden } from '../../../../lib/text/printable.ts';
import { attribute, change, stack } from './plans.ts';

const context: ReviewContext = {
  commit: 'c0ffee'.repeat(6),
  isDirty: false,
  at: new Date('2026-11-28T10:00:00Z'),
  link: ({ file, line }) => `https://git.example.org/${file}#L${line}`,
  pageUrl: 'https://ci.example.org/plan.html',
};
const text = (plan: Plan, columns = 100): string =>
  renderText(plan, { colors: pc.createColors(false), verbose: false, columns });
/** Without line breaks that only the width makes. */
const flowing = (plan: Plan): string => text(plan).replace(/\n +/g, ' ');
/** As a forge shows it, without markup. */
const shown = (plan: Plan): string =>
  new HtmlRenderer()
    .render(new Parser().parse(renderMarkdown(plan, context)))
    .replace(/<[^>]*>/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"');

const base = { kind: 'commit', ref: 'abcdef1234567', branch: { name: 'main', behind: 3 } } as const;
const cluster = stack('aws/prod/cluster', [change('Fleet', { findings: ['over-budget'] })], {
  target: { account: '111122223333', region: 'eu-central-1' },
  leaves: {
    target: { account: '444455556666', region: 'eu-central-1' },
    changes: [change('Queue', { type: 'AWS::SQS::Queue', action: 'delete' }), change('Vpc', { action: 'delete' })],
  },
  after: [{ stack: 'aws/prod/network', reason: '23 replaced there' }],
  ahead: { commit: 'feedbee1234567', by: 'anna@example.org', at: '2026-11-27T10:00:00Z' },
});
const plan: Plan = {
  ...toPlan(base, [cluster]),
  findings: [
    { rule: 'untagged', level: 'warn', address: '', reason: 'tags are missing', owner: 'ops' },
    {
      ...{ rule: 'protected', level: 'deny', stack: 'aws/prod/cluster', address: 'Fleet', owner: 'ops' },
      ...{ reason: 'it is protected', override: { reason: 'planned work', expires: '2026-12-01T00:00:00Z' } },
    },
    {
      ...{ rule: 'over-budget', level: 'deny', stack: 'aws/prod/cluster', address: 'Fleet', owner: null },
      ...{ reason: '900 of 500 a month', source: { file: 'config/environments/prod.yaml', line: 9 } },
    },
  ],
  elsewhere: [{ tool: 'checkov', count: 4, text: '4 findings of checkov are about what this plan does not change.' }],
  impact: [
    { fleet: 'prod', replaced: 500, old: 0, batchPercent: 10, minutes: 90, text: '500 replaced, 10 % at once, 90 min' },
  ],
  availability: ['paris: if rack b fails now: no service is down'],
  cost: {
    monthly: { before: 1200.5, after: 900, currency: 'EUR' },
    ...{ asOf: '2026-11-01', unpriced: ['AWS::X'], basis: 'with prod at its maximum of 500 instances' },
    stacks: [
      {
        ...{ stack: StackId.cluster('prod'), before: 1200.5, after: 900 },
        parts: [
          { what: 'Spot instances', quantity: '0 to 315 of type c7g.xlarge', before: 1199.5, after: 899 },
          { what: 'KMS keys', quantity: '2', before: 1, after: 1 },
        ],
      },
    ],
  },
  approvals: [{ rule: 'production', reason: 'it touches prod', count: 2, of: ['operators', 'anna'] }],
};

describe('what a plan means', () => {
  it.each([
    ['who is behind', 'This checkout is 3 commits behind main: what they change is not in this plan.'],
    ['what a stack leaves', 'it leaves account 444455556666'],
    ['what stays there', 'unless it is destroyed first: 2 resources, 1 queue with data'],
    ['what comes before', 'planned again after aws/prod/network: 23 replaced there'],
    ['whose deployment is reverted', 'feedbee123'],
    ['a finding that denies', '900 of 500 a month'],
    ['an override', '(overridden by ops until 2026-12-01: planned work)'],
    ['findings elsewhere', '4 findings of checkov are about what this plan does not change.'],
    ['impact', '500 replaced, 10 % at once, 90 min'],
    ['availability', 'paris: if rack b fails now: no service is down'],
    [
      'cost',
      '1,200.50 -> 900.00 EUR a month (-300.50), with prod at its maximum of 500 instances, at prices of 2026-11-01',
    ],
    ['each part', 'Spot instances'],
    ['what a part costs', '1,199.50 -> 899.00'],
    ['how much there is of a part', '0 to 315 of type c7g.xlarge'],
    ['what has no price', 'without a price: AWS::X'],
    ['approvals', '2 of operators, anna, because it touches prod (production)'],
    ['the target', 'account 111122223333'],
  ])('%s is said in the terminal and in Markdown', (_name, words) => {
    expect(flowing(plan)).toContain(words);
    expect(shown(plan)).toContain(words);
  });

  it('names what denies before what warns, and what is overridden last', () => {
    for (const each of [flowing(plan), shown(plan)]) {
      const places = ['900 of 500', 'tags are missing', 'planned work'].map((words) => each.indexOf(words));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(0);
    }
  });

  it('links a finding to its line', () => {
    expect(renderMarkdown(plan, context)).toContain(
      '([config/environments/prod.yaml:9](https://git.example.org/config/environments/prod.yaml#L9))',
    );
  });

  it('says nothing of what there is none of', () => {
    const bare = toPlan({ kind: 'record', ref: '' }, [stack('aws/prod/cluster', [change('Fleet')])]);
    for (const each of [text(bare), renderMarkdown(bare, context)])
      expect(each).not.toMatch(/finding|impact|availability|cost|approval|behind|leaves|planned again/i);
  });

  it.each([60, 80, 160])('keeps within %i columns', (columns) => {
    const long = Math.max(
      ...text(plan, columns)
        .split('\n')
        .map((line) => line.length),
    );
    expect(long).toBeLessThanOrEqual(columns);
  });
});

/** More of everything than any comment holds. */
const huge = (count: number): Plan => ({
  ...toPlan(
    base,
    Array.from({ length: count }, (_, at) =>
      stack(StackId.lease('paris', `lease-${at}`), [
        change(`openstack_compute_instance_v2.s${at}`, { action: 'replace', reasons: ['wört '.repeat(40)] }),
        change(`x.y${at}`, { attributes: [attribute('a', 'b'.repeat(300), `c${at}`.repeat(300))] }),
      ]),
    ),
  ),
  findings: Array.from({ length: count }, (_, at) => ({
    ...{ rule: `rule-${at}`, level: 'deny' as const, address: `x.y${at}`, owner: null, reason: 'wört '.repeat(200) },
  })),
  impact: Array.from({ length: count }, (_, at) => ({
    ...{ fleet: `fleet-${at}`, replaced: 1, old: 0, batchPercent: null, minutes: null, text: 'ä'.repeat(600) },
  })),
  availability: Array.from({ length: count }, (_, at) => `cloud-${at}: ${'ö'.repeat(900)}`),
  approvals: Array.from({ length: count }, (_, at) => ({ rule: `r${at}`, reason: 'ü'.repeat(600), count: 1, of: [] })),
});

describe('a plan that is too long for a comment', () => {
  it.each(Object.entries(LIMITS))('keeps within the limit of %s, counts all and links to the page', (_forge, limit) => {
    for (const count of [30, 400]) {
      const markdown = renderMarkdown(huge(count), { ...context, limit });
      expect(markdown.length).toBeLessThanOrEqual(limit.characters);
      expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limit.bytes);
      expect(markdown).toContain(`### Plan: 0 to delete, ${count} to replace, ${count} to update`);
      if (!markdown.includes('"truncated":true')) continue;
      expect(markdown).toContain('Do not approve from it');
      expect(markdown).toContain('(https://ci.example.org/plan.html)');
    }
  });

  it.each([2000, 4000, 20_000])('says the counts and where to read on even in %i characters', (characters) => {
    const markdown = renderMarkdown(huge(400), { ...context, limit: { characters, bytes: characters } });
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(characters);
    expect(markdown).toContain('"truncated":true');
    expect(markdown).toContain('400 to replace');
    expect(markdown).toContain('400 findings deny it');
    expect(markdown).toContain('(https://ci.example.org/plan.html)');
    expect(markdown).toContain('digest');
  });
});

describe('hostile names', () => {
  const evil = '\u001b]0;x\u0007\u001b[2J\u202e\u0000\r\n```\n</details><script>alert(1)</script>';
  const hostile: Plan = {
    ...toPlan({ kind: 'commit', ref: evil, branch: { name: evil, behind: 1 } }, [
      stack(
        'aws/prod/cluster',
        [
          change(evil, {
            ...{ type: evil, reasons: [`CAUTION: ${evil}`], restarts: [evil], findings: [evil] },
            attributes: [
              attribute(evil, evil, `${evil}x`),
              attribute('long', 'a'.repeat(1_000_000), evil.repeat(20_000)),
            ],
            source: { file: evil, line: 1, commit: evil },
          }),
          change(`${evil}2`, { action: 'create', type: evil }),
        ],
        { reason: evil, target: { [evil]: evil }, after: [{ stack: 'aws/prod/network', reason: evil }] },
      ),
    ]),
    findings: [{ rule: evil, level: 'deny', address: evil, reason: evil, owner: evil }],
    elsewhere: [{ tool: evil, count: 1, text: evil }],
    impact: [{ fleet: evil, replaced: 0, old: 0, batchPercent: null, minutes: null, text: evil }],
    availability: [evil],
    cost: {
      ...{ monthly: { before: 0, after: 1, currency: evil }, asOf: evil, unpriced: [evil], basis: evil },
      stacks: [{ stack: evil, before: 0, after: 1, parts: [{ what: evil, quantity: evil, before: 0, after: 1 }] }],
    },
    approvals: [{ rule: evil, reason: evil, count: 1, of: [evil] }],
  };

  it.each([false, true])('are shown by the terminal and obeyed by none, verbose %s', (verbose) => {
    const printed = renderText(hostile, { colors: pc.createColors(false), verbose, columns: 80 });
    expect(firstHidden(printed)).toBeUndefined();
    expect(printed).toContain('\\u001b[2J');
    expect(printed.length).toBeLessThan(100_000);
  });

  it('are text in Markdown', () => {
    const markdown = renderMarkdown(hostile, context);
    const page = new HtmlRenderer().render(new Parser().parse(markdown));
    expect(firstHidden(markdown)).toBeUndefined();
    expect(page).not.toContain('<script>');
    expect(page.match(/<\/details>/g)).toHaveLength(2);
  });
});
