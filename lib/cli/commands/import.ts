import { stackArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { takes, toggle, word } from '../flags.ts';

export const importVerb = defineVerb({
  brief: 'Take in what another Terraform root or CloudFormation stack made',
  description: [
    'Compares a state of Terraform (terraform.tfstate, or what `terraform show -json` prints) or the resources of a CloudFormation stack (what',
    '`aws cloudformation list-stack-resources --stack-name NAME` prints) with what a stack asks for: by type, by name, by equal attributes.',
    'What is clear is noted, and the next plan imports it; what is not is listed. No cloud is asked, and nothing is changed. Before that plan',
    'is applied, the other root or stack must let the resources be: `terraform state rm`, or DeletionPolicy: Retain and the deletion of its stack.',
  ].join('\n'),
  examples: [
    { command: 'tandem import openstack/paris/base ../old/terraform.tfstate --dry-run' },
    { command: 'tandem import aws/prod/cluster resources.json', does: 'then `tandem plan --live aws/prod/cluster`' },
  ],
  flags: {
    allowReplace: toggle('Take in even what the first plan would replace'),
    dryRun: toggle('Only compare: note nothing'),
  },
  arguments: takes(stackArgument, word('What exists, in a file', 'FILE')),
  action: async (context, { allowReplace, dryRun }, stack, from) =>
    (await import('../../actions/import/import.ts')).importExisting(context, { stack, from, allowReplace, dryRun }),
  json: {
    format: 'tandem.import/1',
    schema: async () => (await import('../../actions/import/schema.ts')).importSchema,
  },
  render: async (result) => (await import('../render/import.ts')).renderImport(result),
});
