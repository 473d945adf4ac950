import { DRILL_NAMES, type DrillName } from '../../../private-cloud/drill/drills.ts';
import { drillUnknown } from '../../../private-cloud/drill/errors.ts';
import { defineVerb } from '../../define-verb.ts';
import { optionalText, several, toggle } from '../../flags.ts';

function parseDrill(given: string): DrillName {
  const found = DRILL_NAMES.find((name) => name === given);
  if (found === undefined) throw drillUnknown(given, DRILL_NAMES);
  return found;
}

export const cloudDrillVerb = defineVerb({
  brief: 'Break the three controllers of `tandem lab up --ha`, and compare with the predictions',
  description: [
    `Drills: ${DRILL_NAMES.join(', ')}.`,
    'Predictions are frozen before anything fails. Exit 1 where acknowledged data was lost, a minority accepted a write, other services',
    'failed than predicted, or something did not recover; never for a time.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud drill', does: 'all drills' },
    { command: 'tandem cloud drill --drill holder-off --drill two-off' },
    { command: 'tandem cloud drill --dark-start', does: 'six dark starts' },
    { command: 'tandem cloud drill --restore', does: 'the database is deleted and restored' },
    { command: 'tandem cloud drill --members', does: 'the lab grows and shrinks' },
  ],
  flags: {
    drill: several(parseDrill, 'Run only this drill; may be given several times', 'NAME'),
    members: toggle('Changes of members too: a fourth controller joins, one leaves, one is replaced and comes back'),
    'dark-start': toggle('Dark starts too: all hosts at once, in every order, led as by `tandem cloud recover`'),
    restore: toggle('A deleted database too: backups, the deletion, and what `tandem cloud restore` does'),
    directory: optionalText('Folder of the lab; default: /var/lib/tandem-lab-ha', 'DIR'),
  },
  action: async (context, { drill: drills = [], 'dark-start': darkStart, restore, members, directory }) =>
    (await import('../../../actions/cloud/drill.ts')).drill(context, {
      drills,
      darkStart,
      restore,
      members,
      directory,
    }),
  json: {
    format: 'tandem.drill/2',
    schema: async () => (await import('../../../actions/cloud/schemas/small.ts')).drillSchema,
    document: ({ report }) => report,
  },
  render: async ({ report }) => (await import('../../../private-cloud/drill/report.ts')).reportMarkdown(report),
  exitCode: ({ report }) =>
    [...report.drills, ...report.darkStarts, ...report.restores, ...report.changes].every(
      ({ faults }) => faults.length === 0,
    )
      ? 0
      : 1,
});
