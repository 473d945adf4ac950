import { HtmlRenderer, Parser } from 'commonmark';
import { describe, expect, it } from 'vitest';
import { readPlan, toDriftPlan, toStackPlan } from '../../../../../lib/engines/terraform/plan-json.ts';
import type { StackPlan } from '../../../../../lib/plan/model.ts';
import { toPlan } from '../../../../../lib/plan/plan.ts';
import { StackId } from '../../../../../lib/stack/id.ts';
import { firstHidden } from '../../../../../lib/text/printable.ts';
import { allFormats } from '../../../plan/render/all-formats.ts';
import { ACTION_REASONS, CASES, HOSTILE, NAME, planOf, SERVER, VOLUME } from './plans.ts';

const ID = StackId.lease('paris', 'kim');
const read = (text: string): StackPlan => toStackPlan(ID, readPlan(text));

const markdownHtml = (text: string): string => new HtmlRenderer().render(new Parser().parse(text));

/** No format throws, gives a secret away, or holds what a terminal or a browser obeys. */
function expectHarmless(...stacks: StackPlan[]): void {
  for (const [format, text] of Object.entries(allFormats(stacks))) {
    expect(text, format).not.toContain(NAME);
    expect(firstHidden(text), format).toBeUndefined();
    // Outside of what Markdown shows as code.
    const shown = format === 'markdown' ? markdownHtml(text) : format === 'page' ? text : '';
    expect(shown, format).not.toContain('<script>alert');
  }
}

describe('a plan of Terraform', () => {
  it.each(CASES)('with $name', ({ told, action, reasons, attributes }) => {
    const plan = read(planOf([told]));
    const [change] = plan.changes;
    expect(change?.action).toBe(action);
    expect(plan.status).toBe(action === undefined ? 'unchanged' : 'changed');
    if (reasons !== undefined) expect(change?.reasons).toEqual(reasons);
    if (attributes !== undefined)
      expect(
        change?.attributes.map(({ path, before, after, afterUnknown, sensitive, forcesReplacement }) => [
          ...[path, before, after],
          ...(sensitive ? ['sensitive'] : []),
          ...(afterUnknown ? ['unknown'] : []),
          ...(forcesReplacement ? ['forces'] : []),
        ]),
      ).toEqual(attributes);
    expectHarmless(plan);
  });

  it('with all of them at once, in every format', () => {
    const all = CASES.map(({ told }, index) => ({ ...told, address: `${told.address ?? `${SERVER}.web`}${index}` }));
    const plan = read(planOf(all));
    expect(plan.changes).toHaveLength(CASES.filter(({ action }) => action !== undefined).length);
    expectHarmless(plan, toDriftPlan(ID, readPlan(planOf(all))));
  });

  it.each(ACTION_REASONS)('says %s in words', (reason, actions, words) => {
    const change = { actions, before: { name: 'a' }, after: { name: 'b' }, replace_paths: [['name']] };
    expect(read(planOf([{ action_reason: reason, change }])).changes[0]?.reasons.join('; ')).toMatch(words);
  });
});

describe('drift', () => {
  const drifted = {
    address: `${VOLUME}.data`,
    type: VOLUME,
    change: { actions: ['update'], before: { description: 'a' }, after: { description: NAME } },
  };
  const drift = { resource_drift: [JSON.parse(planOf([drifted])).resource_changes[0]] };

  it('is told apart from changes, and what overwrites it says so', () => {
    const back = {
      ...drifted,
      change: { actions: ['update'], before: { description: 'b' }, after: { description: 'a' } },
    };
    expect(read(planOf([], drift))).toMatchObject({ status: 'unchanged', drift: [{ action: 'update' }] });
    expect(read(planOf([back], drift)).changes[0]?.reasons).toContain(
      'CAUTION: it overwrites what was changed outside Tandem: description',
    );
  });
});

describe('outputs', () => {
  const outputs = {
    output_changes: {
      same: { actions: ['no-op'], before: 'a', after: 'a' },
      address: { actions: ['update'], before: '10.0.0.1', after: '10.0.0.2', after_unknown: false },
      later: { actions: ['update'], before: 'a', after_unknown: true },
      gone: { actions: ['delete'], before: ['a'], after: null },
      made: { actions: ['create'], before: null, after: { a: 1 } },
      password: {
        ...{ actions: ['update'], before: NAME, after: `${NAME}2`, before_sensitive: true, after_sensitive: true },
      },
    },
  };

  it('that change are listed, and are no resources', () => {
    const plan = read(planOf([], outputs));
    expect(plan.status).toBe('changed');
    expect(plan.changes.map(({ action, address, attributes }) => [action, address, attributes[0]])).toMatchObject([
      ['delete', 'output.gone', { path: 'value.0', before: 'a', after: null }],
      ['update', 'output.address', { path: 'value', before: '10.0.0.1', after: '10.0.0.2' }],
      ['update', 'output.later', { before: 'a', after: null, afterUnknown: true }],
      ['update', 'output.password', { sensitive: true, before: '(sensitive)', after: '(sensitive)' }],
      ['create', 'output.made', { path: 'value.a', after: 1 }],
    ]);
    expect(toPlan({ kind: 'live', ref: '' }, [plan]).summary).toMatchObject({ other: 5, update: 0, delete: 0 });
    expectHarmless(plan);
  });

  it('are no drift', () => {
    expect(toDriftPlan(ID, readPlan(planOf([], outputs))).drift).toEqual([]);
  });
});

describe('what Terraform says of the plan as a whole', () => {
  const update = { change: { actions: ['update'], before: { name: 'a' }, after: { name: 'b' } } };

  it.each([
    ['errored', { errored: true, applyable: false }, 'error', /could not finish this plan/],
    ['not applyable', { applyable: false }, 'error', /cannot be applied/],
    ['incomplete', { complete: false }, 'changed', /^CAUTION: .*incomplete: a later one has more/],
    [
      'deferred',
      {
        complete: false,
        deferred_changes: [
          { reason: 'provider_config_unknown', resource_change: { address: 'a.b', change: { actions: ['create'] } } },
          { reason: 'something_new', resource_change: { address: 'c.d' } },
        ],
      },
      'changed',
      /^CAUTION: 2 changes put off to a later plan: a\.b \(the configuration of its provider is not known yet\), c\.d \(something new\)$/,
    ],
    [
      'checks that fail',
      {
        checks: [
          { address: { kind: 'check', to_display: 'check.fine' }, status: 'pass' },
          { address: { kind: 'check', to_display: 'check.later' }, status: 'unknown' },
          {
            address: { kind: 'check', to_display: 'check.health' },
            status: 'fail',
            instances: [{ status: 'fail', problems: [{ message: `no answer ${HOSTILE}` }] }],
          },
        ],
      },
      'changed',
      /^CAUTION: check\.health fails: no answer/,
    ],
  ] as const)('%s is said, in every format', (_name, more, status, words) => {
    const plan = read(planOf([update], more));
    expect(plan.status).toBe(status);
    expect(plan.reason).toMatch(words);
    const start = plan.reason?.replace('CAUTION: ', '').slice(0, 20) ?? '';
    const { text, markdown, page, json } = allFormats([plan]);
    for (const each of [text, markdown, page, json]) expect(each).toContain(start);
    expectHarmless(plan);
  });

  it('nothing is said of a plan that is whole', () => {
    expect(read(planOf([update], { complete: true, applyable: true, errored: false })).reason).toBeUndefined();
    expect(read(planOf([], { complete: true, applyable: false, errored: false }))).toMatchObject({
      status: 'unchanged',
    });
  });

  it.each(['1.0', '1.2', '1.37'])('format %s is read, fields that are not known are passed over', (format) => {
    const text = planOf([{ ...update, new_field: {} } as typeof update], {
      format_version: format,
      action_invocations: [],
    });
    expect(read(text).changes).toHaveLength(1);
  });

  it.each(['2.0', '0.2', '1', '1.x', ''])('format "%s" is refused', (format) => {
    expect(() => readPlan(planOf([], { format_version: format }))).toThrow(
      expect.objectContaining({ code: 'unknown-plan-format' }),
    );
  });
});
