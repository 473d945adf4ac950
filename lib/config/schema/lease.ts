import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { autostopSchema } from './autostop.ts';
import { count, date, email, instant, name, named, plainName, sshKey, text } from './common.ts';

const tierOverride = z.strictObject({
  count: count(0, 200).optional().describe('Number of servers instead of the blueprint.'),
  flavor: name().optional().describe('Flavor instead of the blueprint.'),
});

/** `config/dev/<name>.yaml`: one dev environment, leased to an owner until a date. */
export const leaseSchema = z.strictObject({
  blueprint: name().describe('Blueprint.'),
  owner: email.describe('Who answers for it.'),
  cloud: plainName().optional().describe("Cloud. Default: the organisation's `defaultCloud`."),
  since: date.describe('First day.'),
  until: instant.describe('End: a day (its end, UTC) or an instant.'),
  state: z.enum(['active', 'frozen']).default('active').describe('`frozen`: servers are shelved, data is kept.'),
  protected: z.boolean().default(false).describe('Whether `env reap` and the limits on the length of a lease skip it.'),
  users: z.array(name()).default([]).describe('Keystone users who may work in its project.'),
  sshKeys: z.array(sshKey).default([]).describe('OpenSSH public keys that may log in.'),
  parameters: named(z.union([text(), z.number(), z.boolean()]))
    .default({})
    .describe("Values of the blueprint's parameters. Default: the blueprint's."),
  tiers: named(tierOverride).default({}).describe('Differences from the blueprint.'),
  purpose: text().optional().describe('One line.'),
  autostop: autostopSchema
    .optional()
    .describe('When it is stopped before it ends; `{}`: never. Default: what the organisation says.'),
  askedUntil: instant
    .optional()
    .describe(
      'Later end that somebody asked for beyond the limits: `env extend NAME` writes it, `env extend NAME --approve` or `--refuse` answers it. Default: none.',
    ),
  grantedUntil: instant
    .optional()
    .describe(
      'End up to which the limits do not hold, since somebody granted it: `env extend NAME --approve` writes it. Default: none.',
    ),
  approvedUpdate: z
    .string()
    .regex(/^[0-9a-f]{12}$/, {
      error: because('it is not the version of an update', 'let `tandem env update NAME --approve` write it'),
    })
    .optional()
    .describe(
      'Version of an update that the owner approved: `env update NAME --approve` writes it, and it counts where the owner committed that line. Default: none.',
    ),
});

export type Lease = z.output<typeof leaseSchema>;
