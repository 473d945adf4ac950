import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, named, optionalText, takes, texts, toggle } from '../../flags.ts';

export const envUpdateVerb = defineVerb({
  brief: 'Bring a lease, or all leases of a blueprint, to what blueprint and lease say now',
  description:
    'Says for each server whether it is changed in place, restarted, rebuilt or replaced, by the live cloud, and asks. Of a tier, one server goes down after another, each when the one before is up and what it runs serves, as far as SSH gets there. With --blueprint, one lease is updated, then 5 % of them, then all; the first that is not well afterwards stops it, and the same command goes on. Where the organisation asks for it (`leases.updates`), owners approve.',
  examples: [
    { command: 'tandem env update alice --dry-run', does: 'what would change' },
    { command: 'tandem env update alice' },
    { command: 'tandem env update alice --parameter nodes=5 --dry-run', does: 'a changed parameter, previewed' },
    { command: 'tandem env update alice --approve', does: 'as its owner: others may carry out exactly this' },
    { command: 'tandem env update --blueprint di', does: 'all leases of it, in waves' },
  ],
  flags: {
    blueprint: named(optionalText('Update all leases of this blueprint, in waves', 'NAME'), 'blueprints'),
    parameter: texts('Another value of a parameter of the blueprint, written into the lease; repeatable', 'NAME=VALUE'),
    approve: toggle('Approve the update as the owner, in the lease, and change nothing else'),
    atOnce: toggle('Change all servers at once, even where a tier loses its majority meanwhile'),
    dryRun: toggle('Only show what would change'),
  },
  arguments: takes(maybe(leaseArgument)),
  asks: true,
  resources: true,
  action: async (context, { blueprint, parameter, approve, atOnce, dryRun }, name) =>
    (await import('../../../actions/env/update.ts')).update(context, {
      ...{ name, blueprint, approve, atOnce, dryRun },
      ...(parameter === undefined ? {} : { parameters: parameter }),
    }),
  json: {
    format: 'tandem.env-update/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).updatedSchema,
  },
  render: async (updated) => (await import('../../render/env-use.ts')).renderUpdated(updated),
});
