import { describe, expect, it } from 'vitest';
import { describeGlobalFlags, describeVerbs } from '../../../lib/cli/describe-verbs.ts';

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
      const { format } = (await json.schema()).toJSONSchema().properties as { format?: { const: string } };
      expect([path, format?.const]).toEqual([path, json.format]);
    }
  });

  it('takes its own flags, none of which all verbs have', () => {
    const global = new Set(describeGlobalFlags().map(({ name }) => name));
    expect(global).toContain('--project');
    for (const { flags } of describeVerbs()) expect(flags.filter(({ name }) => global.has(name))).toEqual([]);
  });
});
