import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesAny, toggle } from '../../flags.ts';

export const cloudCheckVerb = defineVerb({
  brief: 'Check clouds: quorums, racks, storage, spare capacity, addresses, time and names',
  description: [
    '`tandem validate` checks the same for every cloud. A broken rule is an error where the layout is highly available, and a warning',
    'or nothing for a starter.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud check paris' },
    { command: 'tandem cloud check --all', does: 'every cloud' },
    { command: 'tandem cloud check paris --json | jq .capacity', does: 'what still fits' },
    { command: 'tandem cloud check --rules', does: 'what is checked' },
    { command: 'tandem cloud check paris --secrets', does: 'certificates and keyrings that a deployment reads' },
  ],
  flags: {
    all: toggle('Check every cloud'),
    rules: toggle('List every rule instead'),
    secrets: toggle('List the files that kolla.secrets must hold, too, and look at those that are on this machine'),
  },
  arguments: takesAny(cloudArgument),
  action: async (context, { all, rules, secrets }, ...clouds) =>
    (await import('../../../actions/cloud/check.ts')).checkClouds(context, { clouds, all, rules, secrets }),
  json: {
    format: 'tandem.cloud-check/1',
    schema: async () => (await import('../../../actions/cloud/schemas/check.ts')).checkSchema,
    document: ({ problems, capacity, rules, secrets }) => ({ problems, capacity, rules, secrets }),
  },
  render: async (result) => (await import('../../render/cloud-check.ts')).renderCheck(result),
  exitCode: ({ problems, secrets = [] }) =>
    problems.some(({ severity }) => severity === 'error') ||
    secrets.some(({ files }) => files.some(({ state }) => state === 'broken'))
      ? 1
      : 0,
});
