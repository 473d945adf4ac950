import { stackArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { takes } from '../flags.ts';

export const whyVerb = defineVerb({
  brief: 'Show the configuration line behind a resource, who wrote it, and what else it affects',
  description:
    'From a resource back to its lines of configuration, or from a line to every resource that depends on it.',
  examples: [
    { command: 'tandem why alice:openstack_compute_instance_v2.web-1', does: 'a resource of a stack' },
    { command: 'tandem why openstack/paris/dev/alice', does: 'a whole stack' },
    { command: 'tandem why config/blueprints/di.yaml:14', does: 'a line of configuration' },
    { command: 'tandem why config/blueprints/di.yaml', does: 'all that a file affects' },
    { command: 'tandem why config/environments/base.yaml:20 --json' },
  ],
  arguments: takes({
    ...stackArgument,
    brief: 'A resource, stack:resource, a stack, a file, or file:line',
    placeholder: 'address',
  }),
  action: async (context, _flags, asked) => (await import('../../actions/why/why.ts')).why(context, { asked }),
  json: {
    format: 'tandem.why/1',
    schema: async () => (await import('../../actions/why/schema.ts')).whySchema,
  },
  render: async (answer, { colors }) => (await import('../../plan/why/render.ts')).renderWhy(answer, colors),
});
