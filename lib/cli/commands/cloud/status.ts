import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, takes, toggle } from '../../flags.ts';

export const cloudStatusVerb = defineVerb({
  brief:
    'Ask a live cloud whether it is as its configuration says: members, VIPs, services, containers, spare capacity',
  description: [
    'One run over all hosts asks for containers, database, brokers, queues and streams, OVN databases and VIPs; the APIs are asked for services,',
    'agents, and whether every server would find a host if any one failed. Differences come first. What does not answer is told. Changes nothing.',
    '',
    'Files in /etc/kolla that are newer than the start of their container are told. What was edited there before that is not seen: comparing',
    'with what a deployment would write takes the passwords, and `tandem deploy` does not ask hosts for it either.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud status paris' },
    { command: 'tandem cloud status paris --detailed-exitcode --json', does: 'for a monitoring job' },
  ],
  flags: { detailedExitcode: toggle('Exit 0 without differences, 2 with differences, 1 on errors') },
  arguments: takes(maybe(cloudArgument)),
  action: async (context, _flags, cloud) =>
    (await import('../../../actions/cloud/status.ts')).cloudStatus(context, { cloud }),
  json: {
    format: 'tandem.cloud-status/1',
    schema: async () => (await import('../../../actions/cloud/schemas/status.ts')).statusSchema,
  },
  render: async (report, view) => (await import('../../render/cloud-status.ts')).renderStatus(report, view),
  exitCode: ({ differences }, { detailedExitcode }) => (detailedExitcode && differences.length > 0 ? 2 : 0),
});
