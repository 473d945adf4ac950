import { LINK_CASE_NAMES, type LinkCaseName } from '../../../link/drill/case-names.ts';
import { linkCaseUnknown } from '../../../link/drill/errors.ts';
import { defineVerb } from '../../define-verb.ts';
import { linkFlag, optional, takesAny, wholeNumber } from '../../flags.ts';

function parseCase(given: string): LinkCaseName {
  const found = LINK_CASE_NAMES.find((name) => name === given);
  if (found === undefined) throw linkCaseUnknown(given, LINK_CASE_NAMES);
  return found;
}

export const linkDrillVerb = defineVerb({
  brief: 'Break a link on this machine, as it is rendered, and compare with the predictions',
  description: [
    `Cases: ${LINK_CASE_NAMES.join(', ')}.`,
    'Gateways and an imitation of AWS run in namespaces: it needs root and Debian, and no cloud. One TCP connection is held through each case.',
    'Exit 1 where it breaks, where something is lost that may not be, or where the link does not come back; never for a time.',
  ].join('\n'),
  examples: [
    { command: 'tandem link drill --link main', does: 'all cases, once' },
    { command: 'tandem link drill --link main drain too-big --runs 3', does: 'two of them; the worst of three counts' },
  ],
  flags: {
    link: linkFlag,
    runs: optional(wholeNumber(1, 20), 'How often each case; default: 1', 'N'),
  },
  arguments: takesAny({
    brief: 'Cases; default: all',
    placeholder: 'CASE',
    parse: parseCase,
    proposeCompletions: () => LINK_CASE_NAMES,
  }),
  action: async (context, { link, runs }, ...cases) =>
    (await import('../../../actions/link/drill.ts')).linkDrill(context, {
      link,
      runs,
      ...(cases.length === 0 ? {} : { cases }),
    }),
  json: {
    format: 'tandem.link-drill/1',
    schema: async () => (await import('../../../actions/link/schema.ts')).linkDrillSchema,
  },
  render: async ({ cases }, view) => (await import('../../render/link-drill.ts')).renderLinkDrill(cases, view),
  exitCode: ({ cases }) => (cases.every(({ faults }) => faults.length === 0) ? 0 : 1),
});
