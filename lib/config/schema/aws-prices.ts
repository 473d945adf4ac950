import { z } from 'zod';
import { amount, awsRegion, count, date, instanceType, named, percent } from './common.ts';

const region = z.strictObject({
  instanceHour: named(amount, instanceType).describe('An hour of an instance of each type, on demand.'),
  spotPercent: percent.default(100).describe('Price of a Spot instance, in percent of the price on demand.'),
  volumeGiB: amount.describe('A GiB of gp3 volume a month.'),
  natGatewayHour: amount.optional().describe('An hour of a NAT gateway. Default: unknown.'),
  endpointHour: amount.optional().describe('An hour of an interface endpoint in one zone. Default: unknown.'),
  storageGiB: amount.optional().describe('A GiB a month in S3, storage class Standard. Default: unknown.'),
  keyMonth: amount.optional().describe('A customer managed KMS key a month. Default: unknown.'),
  alarmMonth: amount.optional().describe('A CloudWatch alarm of standard resolution a month. Default: unknown.'),
  dashboardMonth: amount.optional().describe('A CloudWatch dashboard a month. Default: unknown.'),
  vpnHour: amount.optional().describe('An hour of a Site-to-Site VPN connection. Default: unknown.'),
  resolverHour: amount
    .optional()
    .describe("An hour of an address of Route 53 Resolver's end points. Default: unknown."),
  zoneMonth: amount.optional().describe('A hosted zone of Route 53 a month. Default: unknown.'),
  secretMonth: amount.optional().describe('A secret in Secrets Manager a month. Default: unknown.'),
  writesMillion: amount.optional().describe('A million writes to a DynamoDB table on demand. Default: unknown.'),
  functionGiBSecond: amount.optional().describe('A GiB of a Lambda function on arm64 for a second. Default: unknown.'),
  metricsThousand: amount.optional().describe('A thousand metrics that GetMetricData reads. Default: unknown.'),
  requestsMillion: amount.optional().describe('A million requests to a standard SQS queue. Default: unknown.'),
});

/** `config/prices/aws.yaml`: what AWS asks, in US dollars, the currency that it bills in. */
export const awsPricesSchema = z.strictObject({
  asOf: date.describe('Day of the prices.'),
  perUsd: z
    .number()
    .positive()
    .max(1000)
    .default(1)
    .describe("What a US dollar is worth in the organisation's currency."),
  hoursPerMonth: count(1, 744).default(730).describe('Hours of a month.'),
  regions: named(region, awsRegion).describe('Prices by AWS Region.'),
});

export type AwsPrices = z.output<typeof awsPricesSchema>;
