import { stacksArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';

export const synthVerb = defineVerb({
  brief: 'Write the artefacts of all engines: cdk.out/, cdktf.out/ and kolla.out/',
  description: 'Writes what `cdk synth` and `cdktn synth` write, byte for byte, and prints where each stack is.',
  examples: [
    { command: 'tandem synth', does: 'every stack' },
    { command: 'tandem synth prod', does: 'the stacks of one environment' },
    { command: 'tandem synth openstack/paris/base' },
    { command: "tandem synth 'openstack/*/dev/*' --json" },
  ],
  arguments: stacksArgument,
  action: async (context, _flags, ...selectors) =>
    (await import('../../actions/synth/synth.ts')).synth(context, { selectors }),
  json: {
    format: 'tandem.synth/1',
    schema: async () => (await import('../../actions/synth/schema.ts')).synthSchema,
  },
  render: ({ stacks }) => stacks.map(({ id, file }) => `${id} -> ${file}\n`).join(''),
});
