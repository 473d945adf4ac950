import { z } from 'zod';

const names = z.array(z.string());

export const cloudImportSchema = z.strictObject({
  format: z.literal('tandem.cloud-import/1'),
  cloud: z.string(),
  file: z.string(),
  deployer: z.enum(['kolla-ansible', 'kayobe', 'osism']),
  hosts: z.number(),
  open: z.array(z.strictObject({ path: z.string(), question: z.string() })),
  remarks: z.array(
    z.strictObject({
      kind: z.enum(['not-understood', 'encrypted']),
      path: z.string(),
      line: z.number(),
      text: z.string(),
    }),
  ),
  supplied: names,
  deployersOwn: names,
  kept: z.strictObject({ globals: names, groups: names, variables: names, files: names }),
  comparison: z.strictObject({
    same: z.strictObject({ groups: z.number(), globals: z.number(), variables: z.number() }),
    differences: z.array(
      z.strictObject({
        what: z.enum(['group', 'global', 'variable', 'file']),
        name: z.string(),
        tree: z.unknown(),
        rendered: z.unknown(),
        reason: z.string(),
      }),
    ),
  }),
});
