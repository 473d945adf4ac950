import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { named, optionalText, takes, texts, word } from '../../flags.ts';
import { createdOutput } from '../../json/env.ts';

const newArgument = word('Name of the new environment', 'new');

export const envCloneVerb = defineVerb({
  brief: 'Lease another environment like one that is there',
  description:
    'The same blueprint, with the same parameters, differences of tiers and hours; made as `env create` makes one. The data on its volumes is not copied. Users are not, and SSH keys only where the owner stays the same.',
  examples: [
    { command: 'tandem env clone alice alice-2' },
    { command: 'tandem env clone alice bob --owner bob@example.org --ssh-key ~/.ssh/bob.pub --for 3d' },
  ],
  flags: {
    owner: optionalText("Person who answers for it; default: the other's owner", 'E-MAIL'),
    for: optionalText("Length of the lease: 12h, 7d or 2w; default: the policy's", 'TIME'),
    cloud: named(optionalText("Cloud; default: the other's", 'NAME'), 'clouds'),
    user: texts('Keystone user who may work in its project; may be repeated', 'NAME'),
    sshKey: texts('File of an OpenSSH public key that may log in; may be repeated', 'FILE'),
    purpose: optionalText("Purpose, in one line; default: the other's", 'TEXT'),
  },
  arguments: takes(leaseArgument, newArgument),
  asks: true,
  resources: true,
  action: async (context, { owner, for: duration, cloud, user = [], sshKey = [], purpose }, source, name) =>
    (await import('../../../actions/env/create.ts')).clone(context, {
      ...{ source, name, owner, duration, cloud, purpose, users: user, sshKeyFiles: sshKey },
    }),
  ...createdOutput,
});
