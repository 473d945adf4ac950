import { z } from 'zod';

/** Format `tandem.approval/1`: what `approve --json` prints. */
export const approvalSchema = z.strictObject({
  format: z.literal('tandem.approval/1'),
  file: z.string(),
  /** `sha256:…`: what was signed. */
  bundle: z.string(),
  by: z.string(),
  /** Everybody whose approval it has now. */
  approvedBy: z.array(z.string()),
  /** What it still needs. */
  missing: z.array(
    z.strictObject({ rule: z.string(), reason: z.string(), count: z.int(), of: z.array(z.string()), have: z.int() }),
  ),
  expiresAt: z.string(),
});
