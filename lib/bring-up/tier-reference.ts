import { z } from 'zod';
import { name } from '../config/schema/common.ts';

/** A tier of the same lease, as a setting names it: `{ tier: web }`. Where its blueprint is a part of another, it is renamed with it. */
export function tierReference() {
  return z.strictObject({ tier: name().describe('Name of the tier.') });
}

export type TierReference = z.infer<ReturnType<typeof tierReference>>;
