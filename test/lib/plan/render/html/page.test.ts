import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toPlan } from '../../../../../lib/plan/plan.ts';
import { renderHtml } from '../../../../../lib/plan/render/html/page.ts';
import { HOSTILE_TEXTS, PAYLOADS } from '../../../../properties/payloads.ts';
import { attribute, change, context, hostilePlan, largePlan, richPlan, stack } from './plans.ts';

const page = renderHtml(richPlan(), context);

/** The page's words, without its tags, style and script. */
function words(html: string): string {
  return html
    .replace(/<(script|style)>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

/** Every tag with its attributes' names: what a browser makes of the page, whatever its texts are. */
function skeleton(html: string): string {
  const body = html.replace(/<(script|style)>.*?<\/\1>/gs, '<$1>');
  return [...body.matchAll(/<(\/?[a-z0-9!]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g)]
    .map(
      ([, tag, attributes = '']) =>
        `${tag} ${[...attributes.replace(/"[^"]*"/g, '').matchAll(/\s([a-z-]+)/g)].map(([, each]) => each).join(' ')}`,
    )
    .join('\n');
}

describe('the plan as a page', () => {
  it('says first how much, what destroys, and what loses data above what does not', () => {
    const text = words(page);
    expect(text).toMatch(/to delete 2 .*to replace 1 /);
    const order = [
      'Look at this first',
      'Destroyed, replaced or interrupted',
      'Stacks',
      'Approval',
      'Impact',
      'Findings',
      'Changes',
    ];
    const at = order.map((each) => page.indexOf(`>${each}</h2>`));
    expect(at.every((each) => each > 0)).toBe(true);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    const destroys = page.slice(at[1], at[2]);
    expect(words(destroys)).toContain('Caution it takes everything on the root disk of the server with it');
  });

  it('says a stack that is removed in one line, with what is lost', () => {
    expect(words(page)).toContain(
      'openstack/paris/dev/bruno : all of it, 2 resources, 1 volume and 1 server with data Caution it takes the data on the volume with it',
    );
  });

  it('shows where stacks go, what they leave, wait for and follow, and whose deploy they would revert', () => {
    const text = words(page);
    expect(text).toContain('in account 111122223333, region eu-central-1');
    expect(text).toContain(
      'aws/staging/network leaves account 999988887777: what stays there is paid for and owned by nobody',
    );
    expect(text).toContain('waits for network public from openstack/paris/base');
    // Without opening it.
    expect(text).toContain('waits for openstack/paris/base;');
    expect(text).toContain('planned again after aws/staging/network : 23 replaced there');
    expect(text).toContain('aws/prod/network is ahead of you: applied from abcdef0123 by Kim on 2026-11-27');
    expect(text).toContain('Behind This checkout is 3 commits behind main');
    expect(text).toContain('Error in openstack/paris/base : the volume can only grow');
  });

  it('shows what is said of the plan: findings with overrides, impact, availability, cost, approvals', () => {
    const text = words(page);
    expect(text).toContain('a volume with data is destroyed');
    expect(text).toContain('overridden by kim until 2026-12-31: only for a test');
    expect(text).toContain('500 instances are replaced, 10 percent at once');
    expect(text).toContain('paris: if rack b fails now');
    expect(text).toContain(
      '100.00 -&gt; 150.50 EUR a month (+50.50), at prices of 2026-11-01; without a price: Lambda',
    );
    expect(text).toContain('2 of leads, because one delete in production (production-delete)');
  });

  it('shows before and after beside each other, texts by line, policies by part, and marks what is not shown', () => {
    expect(page).toContain('<del>exec serve --port 80</del></td><td class="ins"><ins>exec serve --port 8080</ins>');
    expect(words(page)).toMatch(/PolicyDocument statement &quot;Read&quot; effect Deny effect Allow/);
    expect(words(page)).toContain('(known after apply)');
    expect(words(page)).toMatch(/admin_pass.*?sensitive.*?\(sensitive\)/);
  });

  it('links lines of the configuration on the web, and nothing else', () => {
    expect(page).toContain('href="https://git.example.org/acme/config/blueprints/di.yaml#L7"');
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'config/x.yaml#L1', '//evil.example.org'])
      expect(renderHtml(richPlan(), { ...context, link: () => bad })).not.toContain(`href="${bad}`);
  });

  it('loads nothing, and lets only its own script and style run', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const digest = (tag: string): string =>
      hash('sha256', new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? '', 'base64');
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; script-src 'sha256-${digest('script')}'; style-src 'sha256-${digest('style')}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/ style=| on[a-z]+=|<link|<iframe|@import|url\(/);
  });

  it('carries pictures in itself, as pictures', () => {
    const drawn = renderHtml(richPlan(), {
      ...context,
      pictures: new Map([['paris', '<svg><script>x</script></svg>']]),
    });
    expect(drawn).toContain(
      `<img src="data:image/svg+xml;base64,${Buffer.from('<svg><script>x</script></svg>').toString('base64')}"`,
    );
    expect(drawn).toContain('<figcaption>paris as planned</figcaption>');
  });

  it.each(
    Object.entries({
      ...PAYLOADS,
      ...HOSTILE_TEXTS,
      quote: `" onmouseover="alert(1)" x='`,
      end: '</script></style><!--',
    }),
  )('keeps its shape with %s everywhere', (_, text) => {
    const hostile = renderHtml(hostilePlan(text), context);
    // Values of several lines and such that are cut are shown in other ways; those that look alike too.
    const tags = new Set(skeleton(renderHtml(hostilePlan('abc'), context)).split('\n'));
    for (const each of [
      'span class',
      '/span ',
      'del ',
      '/del ',
      'ins ',
      '/ins ',
      'table class',
      'th scope',
      'p class',
      '/p ',
      'li class',
      'td class',
    ])
      tags.add(each);
    expect(
      skeleton(hostile)
        .split('\n')
        .filter((tag) => !tags.has(tag)),
    ).toEqual([]);
    expect(hostile.match(/<script/g)).toHaveLength(1);
    expect(hostile).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('stays small with texts of a megabyte', () => {
    expect(renderHtml(hostilePlan('x'.repeat(1_000_000)), context).length).toBeLessThan(250_000);
    expect(renderHtml(hostilePlan('x\n'.repeat(500_000)), context).length).toBeLessThan(1_000_000);
  });

  it('holds every address and value of 1,000 changes in at most 1.8 MB', () => {
    const large = renderHtml(largePlan(1000), context);
    expect(large.length).toBeLessThan(1_800_000);
    expect(large).toContain('server-49-19');
    expect(large).toContain('after-31-10-7');
  });

  it('says so where nothing changes', () => {
    const nothing = words(
      renderHtml(
        toPlan({ kind: 'record', ref: '' }, [stack('aws/prod/network', [], { status: 'unchanged' })]),
        context,
      ),
    );
    expect(nothing).toContain('Nothing is destroyed, replaced or interrupted.');
    expect(nothing).toContain('Nothing changes.');
    expect(nothing).toContain('1 stack unchanged');
  });

  it('lists what is created with its values, by type', () => {
    const created = toPlan({ kind: 'empty', ref: '' }, [
      stack('aws/prod/network', [
        change('Rule', {
          type: 'AWS::EC2::SecurityGroupIngress',
          action: 'create',
          attributes: [
            attribute('CidrIp', null, '0.0.0.0/0'),
            attribute('GroupId', null, null, { afterUnknown: true }),
          ],
        }),
      ]),
    ]);
    expect(words(renderHtml(created, context))).toContain('CidrIp = 0.0.0.0/0 GroupId = (known after apply)');
  });
});
