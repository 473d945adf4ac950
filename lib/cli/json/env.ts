import type { ChangedEnvironment } from '../../actions/env/change.ts';
import type { CreatedEnvironment } from '../../actions/env/create.ts';

/** What verbs print that make an environment. */
export const createdOutput = {
  json: {
    format: 'tandem.env-create/1',
    schema: async () => (await import('../../actions/env/schema.ts')).createdSchema,
  },
  render: async (created: CreatedEnvironment) => (await import('../render/env.ts')).renderCreated(created),
};

/** What verbs print that change one. */
export const changedOutput = {
  json: {
    format: 'tandem.env-change/1',
    schema: async () => (await import('../../actions/env/schema.ts')).changedSchema,
  },
  render: async (changed: ChangedEnvironment) => (await import('../render/env.ts')).renderChanged(changed),
};
