import { defineVerb } from '../../define-verb.ts';

export const stateRotateVerb = defineVerb({
  brief: 'Encrypt all states anew, to the present recipients',
  description: [
    'After a change of `state.recipients`: states, their versions and records are encrypted to those who are named now, or kept in clear',
    'where nobody is. Journals of operations that have ended stay as they are.',
  ].join('\n'),
  examples: [{ command: 'tandem state rotate' }],
  asks: true,
  action: async (context) => (await import('../../../actions/state/state.ts')).rotateStates(context),
  json: {
    format: 'tandem.state-rotate/1',
    schema: async () => (await import('../../../actions/state/schema.ts')).stateRotateSchema,
  },
  render: ({ recipients, states, versions, records }) =>
    `${states} states, ${versions} versions and ${records} records are ${
      recipients.length === 0 ? 'in clear' : `encrypted to ${recipients.length} recipients`
    }.\n`,
});
