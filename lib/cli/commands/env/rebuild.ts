import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes, texts } from '../../flags.ts';
import { changedOutput } from '../../json/env.ts';

export const envRebuildVerb = defineVerb({
  brief: 'Rebuild servers from the image that their cloud has under its name now; their root disks are lost',
  description:
    'An image that is made anew under its name changes no server until this is run, or the blueprint names another image. Shows what is rebuilt and asks. Volumes, addresses and names stay.',
  examples: [
    { command: 'tandem env rebuild alice' },
    { command: 'tandem env rebuild alice --tier web', does: 'only the servers of one tier' },
  ],
  flags: { tier: texts('Tier to rebuild; may be repeated; default: all tiers', 'NAME') },
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, { tier = [] }, name) =>
    (await import('../../../actions/env/rebuild.ts')).rebuild(context, { name, tiers: tier }),
  ...changedOutput,
});
