import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { amount, count, name, named, percent, text } from './common.ts';

const packageName = text(214)
  .regex(/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, {
    error: because('it is not the name of an npm package', 'write one like @acme/tandem-policies'),
  })
  .meta({ title: 'npm package' });

/** `policies` of `config/tandem.yaml`. */
export const policiesSchema = z.strictObject({
  levels: named(z.enum(['deny', 'warn', 'off']), name(64))
    .default({})
    .describe(
      'Level of a policy, by its id, instead of its own: `deny` refuses the deploy, `warn` is shown. docs/reference/policies.md lists those that are shipped.',
    ),
  owners: named(name(), name(64))
    .default({})
    .describe(
      'Person or group of `config/approvers.yaml` whose overrides of a policy count, by its id. Default: any approver.',
    ),
  packages: z
    .array(packageName)
    .default([])
    .describe('npm packages that export more policies, of the version that package.json pins.'),
  fleetPercent: percent.default(50).describe('Share of a fleet that a plan may replace at once, in percent.'),
  leaseMonthly: amount.optional().describe('What a lease may cost a month. Default: no limit.'),
  organisationMonthly: amount.optional().describe('What all leases together may cost a month. Default: no limit.'),
  priceMonths: count(1, 120).default(12).describe('Age in months from which a price list is called out of date.'),
  overrideDays: count(1, 365).default(30).describe('Longest time ahead, in days, that an override may expire.'),
});

export type Policies = z.output<typeof policiesSchema>;
