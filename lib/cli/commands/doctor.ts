import { defineVerb } from '../define-verb.ts';
import { toggle } from '../flags.ts';

export const doctorVerb = defineVerb({
  brief: 'Find and repair what is broken or left over in the state',
  description: [
    'Lists records, locks and journals that cannot be read, operations that did not end, locks and drafts of runs that were killed, processes of',
    'Auto Scaling that a killed operation on a fleet left suspended, and files that others can read. --repair keeps a copy of each file that it moves or rewrites, in .tandem/broken. Exits with 1',
    'where something is wrong and not repaired.',
  ].join('\n'),
  examples: [{ command: 'tandem doctor' }, { command: 'tandem doctor --repair' }],
  flags: { repair: toggle('Repair what can be repaired without losing anything') },
  action: async (context, { repair }) => (await import('../../actions/doctor/doctor.ts')).doctor(context, { repair }),
  json: {
    format: 'tandem.doctor/1',
    schema: async () => (await import('../../actions/doctor/schema.ts')).doctorSchema,
  },
  render: ({ findings }) =>
    findings.length === 0
      ? 'Nothing is wrong.\n'
      : findings
          .map(({ check, text, next, repaired }) =>
            repaired === null ? `${check}: ${text}\n  next: ${next}\n` : `${check}: ${text}\n  repaired: ${repaired}\n`,
          )
          .join(''),
  exitCode: ({ findings }) => (findings.some((each) => each.repaired === null) ? 1 : 0),
});
