import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { cloudFlag, named, optionalText, takes, text, texts } from '../../flags.ts';
import { createdOutput } from '../../json/env.ts';

export const envCreateVerb = defineVerb({
  brief: 'Lease a dev environment and bring it up',
  description:
    'Checks that the lease fits, asks, writes config/dev/NAME.yaml and commits it, applies, and waits until every server and load balancer works. Interrupted at any moment and run again, it finishes.',
  examples: [
    { command: 'tandem env create alice --blueprint di --owner alice@example.org --for 7d' },
    {
      command:
        'tandem env create alice --blueprint di --owner alice@example.org --ssh-key ~/.ssh/id_ed25519.pub --cloud lab',
    },
  ],
  flags: {
    blueprint: named(text('Blueprint of config/blueprints/', 'NAME'), 'blueprints'),
    owner: text('Person who answers for it', 'E-MAIL'),
    for: optionalText("Length of the lease: 12h, 7d or 2w; default: the policy's", 'TIME'),
    cloud: cloudFlag,
    user: texts('Keystone user who may work in its project; may be repeated', 'NAME'),
    sshKey: texts('File of an OpenSSH public key that may log in; may be repeated', 'FILE'),
    purpose: optionalText('Purpose, in one line', 'TEXT'),
  },
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, { blueprint, owner, for: duration, cloud, user = [], sshKey = [], purpose }, name) =>
    (await import('../../../actions/env/create.ts')).create(context, {
      ...{ name, blueprint, owner, duration, cloud, purpose, users: user, sshKeyFiles: sshKey },
    }),
  ...createdOutput,
});
