import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, StackPlan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { LIMITS } from '../../../../lib/plan/render/markdown/limit.ts';
import { type ReviewContext, renderMarkdown } from '../../../../lib/plan/render/markdown.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { code, fenced, hidden, linked, plain } from '../../../../lib/text/markdown.ts';

const context: ReviewContext = {
  commit: 'c0ffee'.repeat(6),
  isDirty: false,
  at: new Date('2026-11-21T10:00:00Z'),
  link: ({ file, line }) => `https://git.example.org/${file}#L${line}`,
};

function change(address: string, more: Partial<Change> = {}): Change {
  const attributes = [
    {
      path: 'flavor_name',
      before: 'small',
      after: 'large',
      afterUnknown: false,
      sensitive: false,
      forcesReplacement: false,
    },
  ];
  const source = { file: 'config/blueprints/di.yaml', line: 7 };
  return {
    address,
    type: 't',
    action: 'update',
    reasons: [],
    attributes,
    source,
    noise: false,
    restarts: [],
    findings: [],
    ...more,
  };
}

function stack(id: StackId, changes: readonly Change[], more: Partial<StackPlan> = {}): StackPlan {
  return { id, engine: 'terraform', status: 'changed', changes, unresolvedInputs: [], drift: [], ...more };
}

const base = { kind: 'record', ref: '' } as const;
const render = (...stacks: StackPlan[]) => renderMarkdown(toPlan(base, stacks), context);

describe('the plan for a pull request', () => {
  it('begins with a marker, then what destroys, then the table, then each stack', () => {
    const text = render(
      stack('aws/prod/cluster', [change('a')]),
      stack('openstack/paris/base', [
        change('v', { action: 'replace', reasons: ['CAUTION: it takes the data with it'] }),
      ]),
    );
    const places = [
      '<!-- tandem-plan {',
      '### Plan: 0 to delete, 1 to replace',
      '[!CAUTION]',
      '**CAUTION** it takes',
      '| stack |',
      '<details>',
      '<sub>Tandem',
    ];
    expect(places.map((each) => text.indexOf(each))).toEqual(
      places.map((each) => text.indexOf(each)).sort((a, b) => a - b),
    );
    expect(text.indexOf('<!--')).toBe(0);
    expect(text.indexOf('<b>openstack/paris/base')).toBeLessThan(text.indexOf('<b>aws/prod/cluster'));
    expect(text).toContain('[config/blueprints/di.yaml:7](https://git.example.org/config/blueprints/di.yaml#L7)');
  });

  it('says equal plans once: of environments in the table, of leases in all', () => {
    const text = render(
      stack('aws/prod/cluster', [change('a')]),
      stack('aws/staging/cluster', [change('a')]),
      stack('openstack/paris/dev/alice', [change('b')]),
      stack('openstack/paris/dev/bruno', [change('b')]),
    );
    expect(text).toContain('| `aws cluster` |  | ~1 | same as prod |');
    expect(text).toContain('2 leases, the same: `alice`, `bruno`');
    expect(text.match(/<details>/g)).toHaveLength(2);
  });

  it('keeps its budget whatever the plan, and says that it left something out', () => {
    const wide = Array.from({ length: 300 }, (_, index) =>
      stack(
        `openstack/paris/dev/lease${index}`,
        Array.from({ length: 20 }, (__, at) =>
          change(`server-${index}-${at}`, {
            action: index % 50 === 0 ? 'replace' : 'update',
            reasons: [`wört ${index} `.repeat(5)],
          }),
        ),
      ),
    );
    const text = render(...wide);
    expect(text.length).toBeLessThanOrEqual(LIMITS.github.characters);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMITS.github.bytes);
    expect(text).toContain('"truncated":true');
    expect(text).toContain('Do not approve from it');
    expect(text).toContain('<sub>Tandem, commit c0ffee');
    expect(render(...wide.slice(0, 2))).toContain('"truncated":false');
  });

  it('lets nothing in a value out of its fence, or in a reason into the page', () => {
    const evil = '```\n</details><img src=x onerror=1> @everyone [x](javascript:1) --> | ~~~~';
    const text = render(
      stack('aws/prod/cluster', [
        change('a`b', {
          reasons: [evil],
          attributes: [{ ...(change('x').attributes[0] as Change['attributes'][0]), after: evil }],
        }),
      ]),
    );
    const outside = text.replace(/^(~{3,}|`{3,})diff\n[\s\S]*?\n\1$/gm, '');
    expect(outside).not.toMatch(/<img|@everyone|\]\(javascript/);
    expect(outside.match(/<\/details>/g)).toHaveLength(1);
    expect(text).toMatch(/^~{5,}diff$/m);
  });
});

describe('escaping', () => {
  it('makes fences that no content can close', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('`', '~', 'a', '\n', ' ') })), (lines) => {
        const [open = '', ...rest] = fenced('diff', lines);
        const close = rest.pop() ?? '';
        expect(open).toBe(`${close}diff`);
        const mark = close.charAt(0);
        for (const line of rest)
          expect(line.trim().startsWith(close) && line.trim().replaceAll(mark, '') === '').toBe(false);
      }),
    );
  });

  it('makes comments that no content can end', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const text = hidden('x', { value });
        expect(text.indexOf('-->')).toBe(text.length - 3);
        expect(text.slice(4, -3)).not.toContain('--');
        expect(JSON.parse(text.slice('<!-- x '.length, -' -->'.length))).toEqual({ value });
      }),
    );
  });

  it('makes links that no file name can end', () => {
    expect(linked('https://x/a(b)<c> d\\\u001b\u202eé\ud800')).toBe(
      'https://x/a%28b%29%3cc%3e%20d%5c%1B%E2%80%AE%C3%A9%EF%BF%BD',
    );
  });

  it('makes spans and text that stay what they are', () => {
    expect(code('a`b')).toBe('`` a`b ``');
    expect(code('a|b')).toBe('`a\\|b`');
    expect(plain('<b> @a *x*\n')).toBe('&lt;b&gt; &#64;a \\*x\\* ');
  });
});

describe('availability', () => {
  const plan = {
    ...toPlan({ kind: 'empty', ref: '' }, []),
    availability: [
      'paris: if rack b fails now: no service is down; predicted API outage 3.6 s',
      'rome: if rack <1> fails now: *all* is down',
    ],
  };

  it('is a list that shows its text as it is, with a link to the picture of a cloud that has one', () => {
    const text = renderMarkdown(plan, {
      ...context,
      picture: (cloud) => (cloud === 'paris' ? 'https://x/p.svg' : undefined),
    });
    expect(text).toContain(
      '- paris: if rack b fails now: no service is down; predicted API outage 3.6 s ([picture](https://x/p.svg))\n',
    );
    expect(text).toContain('- rome: if rack &lt;1&gt; fails now: \\*all\\* is down\n');
  });

  it('is left out where no cloud is touched', () => {
    expect(renderMarkdown({ ...plan, availability: [] }, context)).not.toContain('Availability');
  });
});
