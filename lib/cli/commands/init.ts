import { defineVerb } from '../define-verb.ts';
import { optionalOneOf, optionalText } from '../flags.ts';

export const initVerb = defineVerb({
  brief: 'Make a project in this folder: the smallest configuration that validates',
  description:
    'Writes config/, cdk.json, cdktf.json and .gitignore, and package.json where there is none; with --ci also workflows that plan a request, write its comment and deploy a bundle behind reviewers (in a project that is there already, these alone). Asks for what no flag says. Overwrites nothing.',
  examples: [
    { command: 'tandem init', does: 'asks' },
    { command: 'tandem init --organisation acme --cloud dev --non-interactive', does: 'a private cloud only' },
    { command: 'tandem init --organisation acme --cloud dev --environment staging --account 222233334444' },
    { command: 'tandem init --ci github', does: 'workflows for this project' },
  ],
  flags: {
    organisation: optionalText('Short name, part of every name in both clouds', 'NAME'),
    contact: optionalText('E-mail address; default: ops@NAME.example.org', 'EMAIL'),
    cloud: optionalText('Name of the private cloud', 'NAME'),
    environment: optionalText('Name of an AWS environment; default: none', 'NAME'),
    account: optionalText('AWS account of the environment', 'ID'),
    region: optionalText('AWS Region of the environment; default: eu-west-3', 'REGION'),
    ci: optionalOneOf(['github', 'gitlab'], 'Also write workflows of this CI system; default: none'),
  },
  action: async (context, flags) => (await import('../../actions/init/init.ts')).init(context, flags),
  json: {
    format: 'tandem.init/1',
    schema: async () => (await import('../../actions/init/schema.ts')).initSchema,
  },
  render: ({ folder, files }) =>
    [
      `${files.includes('config/tandem.yaml') ? 'Made a project' : 'Wrote'} in ${folder}:`,
      ...files.map((file) => `  ${file}`),
      '',
      ...(files.includes('config/tandem.yaml')
        ? ['Next, describe your cloud in config/, then:', '  npx tandem validate', '  npx tandem plan --base none']
        : ['Each says at its top which settings it counts on.']),
      '',
    ].join('\n'),
});
