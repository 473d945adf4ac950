import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { count, date, email, name, named, text } from './common.ts';

const KEY_LINE =
  /^(ssh-[a-z0-9-]+(?:@openssh\.com)?|sk-[a-z0-9@.-]+|ecdsa-[a-z0-9-]+) +([A-Za-z0-9+/]+={0,2})(?: +(\S.*))?$/;

/** An Ed25519 key in OpenSSH's words: its type, 32 bytes, each after its length. */
const WIRE_BYTES = 4 + 'ssh-ed25519'.length + 4 + 32;

/** A public key as a line of `authorized_keys` has it. */
const key = z
  .string()
  .max(1000, { error: because('a line of a key has at most 1000 characters', 'shorten its comment') })
  .superRefine((line, context) => {
    const refuse = (why: string, fix: string) => context.addIssue({ code: 'custom', message: because(why, fix) });
    const write = 'write the line of a file like ~/.ssh/id_ed25519.pub';
    const [, type = '', body = ''] = KEY_LINE.exec(line) ?? [];
    if (type === '') refuse('it is no public key of OpenSSH', write);
    else if (type.startsWith('sk-'))
      refuse('a key on a security token signs what other verifiers cannot check', 'write an ssh-ed25519 key');
    else if (type !== 'ssh-ed25519')
      refuse(`approvals are signed with Ed25519, and this is ${type}`, 'make a key with `ssh-keygen -t ed25519`');
    else if (!isWire(Buffer.from(body, 'base64'))) refuse('the key is damaged or cut off', write);
  })
  .meta({ title: 'ssh-ed25519 public key' });

function isWire(bytes: Buffer): boolean {
  return (
    bytes.length === WIRE_BYTES &&
    bytes.subarray(0, 15).equals(Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519')])) &&
    bytes.readUInt32BE(15) === 32
  );
}

const person = z.strictObject({
  email: email.describe('E-mail address, as commits have it: nobody approves what they wrote themselves.'),
  groups: z.array(name()).default([]).describe('Groups that rules may name instead of people.'),
  keys: z
    .array(key)
    .default([])
    .describe(
      'Public keys, as `~/.ssh/id_ed25519.pub` has them. Only `ssh-ed25519`. Whoever has none approves nothing.',
    ),
});

const glob = text(200).regex(/^[\w.*?{},/[\]!()-]+$/, {
  error: because('it is neither a stack nor a glob', 'write one like aws/prod/* or openstack/*/dev/*'),
});

/** Who must approve what. */
const rule = z.strictObject({
  id: name(64).describe('Name of the rule, shown with what it asks for.'),
  reason: text().optional().describe('Why, in one sentence. Default: the id.'),
  stacks: z.array(glob).min(1).optional().describe('Stacks that it is about: ids, globs, short names. Default: all.'),
  actions: z
    .array(z.enum(['create', 'update', 'interrupt', 'replace', 'delete', 'move', 'import', 'forget']))
    .min(1)
    .optional()
    .describe('Actions, one of which a change must have. Default: any.'),
  protected: z
    .boolean()
    .optional()
    .describe(
      'Whether the environment or the lease is protected (`aws.terminationProtection`, `protected`). Default: either.',
    ),
  losesData: z.boolean().optional().describe('Whether data is lost. Default: either.'),
  policies: z
    .array(name(64))
    .min(1)
    .optional()
    .describe('Policies, one of which must have found something, overridden or not. Default: whatever they say.'),
  count: count(0, 20).describe('How many people besides the author approve.'),
  of: z.array(name()).default([]).describe('People or groups whose approval counts. Default: everybody listed.'),
});

const override = z.strictObject({
  policy: name(64).describe('Id of the policy.'),
  stack: glob.default('*').describe('Stacks that it is about.'),
  address: text(300).default('*').describe('Addresses of changes that it is about; `*` stands for any text.'),
  reason: text().describe('Why the finding is accepted.'),
  by: name().describe('Who accepts it: a person of `people`, who owns the policy where it has an owner.'),
  expires: date.describe(
    'Last day; at most `policies.overrideDays` of `config/tandem.yaml` ahead. Afterwards, it denies again.',
  ),
});

/** `config/approvers.yaml`: who approves bundles, and with which keys. */
export const approversSchema = z.strictObject({
  people: named(person)
    .default({})
    .describe('Those who sign bundles, by name. While nobody has a key, nothing needs an approval.'),
  count: count(0, 20).default(1).describe('How many people besides the author approve, where no rule says otherwise.'),
  of: z
    .array(name())
    .default([])
    .describe('People or groups whose approval counts, where no rule says otherwise. Default: everybody listed.'),
  rules: z
    .array(rule)
    .optional()
    .describe(
      'Who must approve what. Every rule that matches a stack holds; where none does, `count` and `of`. Default: the owner of a lease for it alone, two for a deletion in a protected environment, else `count` and `of`.',
    ),
  overrides: z.array(override).optional().describe('Findings of policies that are accepted for a time. Default: none.'),
  validHours: count(1, 720)
    .default(24)
    .describe('How long a bundle may be approved and deployed after it was made, in hours.'),
});

export type Approvers = z.output<typeof approversSchema>;
