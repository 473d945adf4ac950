import { defineVerb } from '../define-verb.ts';
import { optionalText } from '../flags.ts';

export const initVerb = defineVerb({
  brief: 'Make a project in this folder: the smallest configuration that validates',
  description:
    'Writes config/, cdk.json, cdktf.json, .gitignore and a CI example, and package.json where there is none. Asks for what no flag says. Overwrites nothing.',
  examples: [
    { command: 'tandem init', does: 'asks' },
    { command: 'tandem init --organisation acme --cloud dev --non-interactive', does: 'a private cloud only' },
    { command: 'tandem init --organisation acme --cloud dev --environment staging --account 222233334444' },
  ],
  flags: {
    organisation: optionalText('Short name, part of every name in both clouds', 'NAME'),
    contact: optionalText('E-mail address; default: ops@NAME.example.org', 'EMAIL'),
    cloud: optionalText('Name of the private cloud', 'NAME'),
    environment: optionalText('Name of an AWS environment; default: none', 'NAME'),
    account: optionalText('AWS account of the environment', 'ID'),
    region: optionalText('AWS Region of the environment; default: eu-west-3', 'REGION'),
  },
  action: async (context, flags) => (await import('../../actions/init/init.ts')).init(context, flags),
  json: {
    format: 'tandem.init/1',
    schema: async () => (await import('../../actions/init/schema.ts')).initSchema,
  },
  render: ({ folder, files }) =>
    [
      `Made a project in ${folder}:`,
      ...files.map((file) => `  ${file}`),
      '',
      'Next, describe your cloud in config/, then:',
      '  npx tandem validate',
      '  npx tandem plan --base none',
      '',
    ].join('\n'),
});
