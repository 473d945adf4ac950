import { describe, expect, it } from 'vitest';
import { describeGlobalFlags, describeVerbs } from '../../../lib/cli/describe-verbs.ts';

interface Properties {
  readonly format?: { readonly const: string };
}

describe('every verb', () => {
  it.each(describeVerbs().map((verb) => [verb.path.join(' '), verb] as const))(
    '%s has examples of itself',
    (name, verb) => {
      expect(verb.examples.length).toBeGreaterThan(0);
      for (const { command } of verb.examples) expect(command).toContain(`tandem ${name}`);
    },
  );

  it('has a JSON format of its own name, whose schema says that name', async () => {
    for (const { path, json } of describeVerbs()) {
      expect([path, json.format]).toEqual([path, expect.stringMatching(/^tandem\.[a-z-]+\/\d+$/)]);
      const whole = (await json.schema()).toJSONSchema();
      // A verb may print documents of several kinds: each says it.
      for (const { properties } of (whole.oneOf ?? whole.anyOf ?? [whole]) as { properties?: Properties }[])
        expect([path, properties?.format?.const]).toEqual([path, json.format]);
    }
  });

  it('takes its own flags, none of which all verbs have', () => {
    const global = new Set(describeGlobalFlags().map(({ name }) => name));
    expect(global).toContain('--project');
    for (const { flags } of describeVerbs()) expect(flags.filter(({ name }) => global.has(name))).toEqual([]);
  });
});
