import { counted } from '../../text/plural.ts';
import { bundleArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { optionalText, takes, toggle } from '../flags.ts';

export const approveVerb = defineVerb({
  brief: "Show a bundle's plan, ask, and sign it",
  description: [
    'A bundle is a plan that `tandem plan --live --out FILE` froze. This shows exactly what is signed, asks, and adds your signature to the',
    'file, made with an Ed25519 key of SSH that config/approvers.yaml has. Nobody approves what is theirs. `tandem deploy FILE` executes it.',
  ].join('\n'),
  examples: [
    { command: 'tandem approve prod.json', does: 'with the key of the SSH agent, or ~/.ssh/id_ed25519' },
    { command: 'tandem approve prod.json --key ~/.ssh/work', does: 'with another; its passphrase is asked for' },
    { command: 'tandem approve prod.json --key ~/.ssh/work.pub', does: 'with one that the agent holds' },
  ],
  flags: {
    verbose: toggle('List created resources and folded changes one by one'),
    key: optionalText('Private key, or the .pub file of one that the SSH agent holds', 'FILE'),
  },
  arguments: takes(bundleArgument),
  asks: true,
  action: async (context, { key }, file) =>
    (await import('../../actions/approve/approve.ts')).approve(context, { file, key }),
  json: {
    format: 'tandem.approval/1',
    schema: async () => (await import('../../actions/approve/schema.ts')).approvalSchema,
  },
  render: ({ file, by, approvedBy, missing, expiresAt }) => {
    const all = `${file} is approved by ${approvedBy.join(' and ')}`;
    if (missing.length === 0) return `${all}; \`tandem deploy ${file}\` executes it until ${expiresAt}\n`;
    const left = missing.map(({ reason, count, have }) => `${counted(count - have, 'approval')} more: ${reason}`);
    return `${by} signed; ${all}. It still needs\n${left.map((line) => `  ${line}\n`).join('')}`;
  },
});
