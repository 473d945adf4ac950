import { defineVerb } from '../../define-verb.ts';
import { askFlags, toggle } from '../../flags.ts';

export const envReapVerb = defineVerb({
  brief: 'Warn of leases that end soon, stop those that ended, and delete what stayed stopped',
  description:
    'Only shows what it would do, unless --execute is given. An environment whose lease ended is frozen first, and deleted by a run three days later; protected ones are skipped. A timer runs it with --execute and --non-interactive.',
  examples: [
    { command: 'tandem env reap', does: 'what is due' },
    { command: 'tandem env reap --execute --non-interactive', does: 'for a timer' },
  ],
  flags: { execute: toggle('Do what is due, without asking; --yes is the same'), ...askFlags },
  acts: true,
  action: async (context, { execute, yes, autoApprove }) =>
    (await import('../../../actions/env/reap.ts')).reap(context, { execute: execute || yes || autoApprove }),
  json: {
    format: 'tandem.env-reap/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).reapSchema,
  },
  render: async ({ actions, executed }) => (await import('../../../dev/render.ts')).renderReap(actions, executed),
  exitCode: ({ failures }) => (failures.length > 0 ? 1 : 0),
});
