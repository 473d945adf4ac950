import type { DeployResult } from '../../deploy/ports.ts';

/** What `--json` prints of verbs that run an operation: its events, one a line, and the result as the last. */
export const deployJson = {
  format: 'tandem.deploy/1',
  schema: async () => (await import('../../actions/deploy/schema.ts')).deployResultSchema,
  events: async () => (await import('../../actions/deploy/schema.ts')).deployEventSchema,
  document: ({ operation, plan: { summary }, stacks }: DeployResult) => ({ operation, summary, stacks }),
};
