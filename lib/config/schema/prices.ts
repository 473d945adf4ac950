import { z } from 'zod';
import { amount, date, name, named } from './common.ts';

/** `config/prices/<cloud>.yaml`: what a private cloud charges, in the organisation's currency a month. */
export const pricesSchema = z.strictObject({
  asOf: date.optional().describe('Day of the prices. Default: unknown, which a plan says.'),
  vcpu: amount.describe('A virtual CPU a month.'),
  memoryGiB: amount.describe('A GiB of memory a month.'),
  volumeGiB: named(amount, name()).describe('A GiB of each volume type a month.'),
  floatingAddress: amount.describe('A floating address a month.'),
  loadBalancer: amount.describe('A load balancer a month.'),
  hardware: named(amount)
    .default({})
    .describe('What a host of each kind costs the organisation a month. Default: unknown.'),
});

export type Prices = z.output<typeof pricesSchema>;
