import { z } from 'zod';
import { because, between } from '../diagnostic.ts';
import { cidr, count } from './common.ts';

export const endpointNames = [
  's3',
  'dynamodb',
  'sqs',
  'ssm',
  'ssmmessages',
  'ec2messages',
  'ec2',
  'logs',
  'kms',
  'autoscaling',
  'monitoring',
  'secretsmanager',
  'sts',
  'ecr.api',
  'ecr.dkr',
] as const;

export type EndpointName = (typeof endpointNames)[number];

/** What the private subnet of a zone may be; a rule proposes none outside. */
export const SUBNET_PREFIX_LENGTHS = { largest: 20, smallest: 26 } as const;

/** VPC of an environment's cluster. */
export const networkSchema = z
  .strictObject({
    cidr: cidr.describe('Addresses of the VPC. CAUTION: another value replaces the VPC and all that is in it.'),
    subnetPrefixLength: count(SUBNET_PREFIX_LENGTHS.largest, SUBNET_PREFIX_LENGTHS.smallest)
      .default(23)
      .describe(
        'Prefix length of the private subnet of a zone; /23 holds twice 500 instances after the loss of one of three zones. CAUTION: another value replaces the subnets, and so every instance.',
      ),
    egress: z
      .enum(['none', 'nat', 'transit'])
      .default('none')
      .describe(
        'How instances reach the internet: not at all, through a NAT gateway in each zone, or through a transit gateway. CAUTION: without egress, instances reach only the VPC endpoints.',
      ),
    transitGateway: z
      .string()
      .regex(/^tgw-[0-9a-f]{8,17}$/, {
        error: because('it is not the id of a transit gateway', 'write one like tgw-0123456789abcdef0'),
      })
      .optional()
      .describe('Id of the transit gateway; needed where `egress` is `transit`.'),
    endpoints: z
      .array(z.enum(endpointNames))
      .optional()
      .describe(
        'VPC endpoints: gateway endpoints for s3 and dynamodb, which are free, interface endpoints in each zone for the others, each with its own endpoint policy. Default: without egress, those that the cluster uses; with it, s3 and dynamodb.',
      ),
    flowLogsDays: count(1, 3653)
      .default(30)
      .describe('Days that flow logs are kept, rounded up to what CloudWatch Logs offers.'),
    ipv6: z
      .boolean()
      .default(false)
      .describe('Whether the VPC also has IPv6, with no inbound access from the internet.'),
  })
  .superRefine((network, context) => {
    if ((network.egress === 'transit') !== (network.transitGateway !== undefined)) {
      const why = 'egress "transit" and transitGateway are only valid together';
      context.addIssue(
        between(
          [
            ['egress'],
            because(
              why,
              network.egress === 'transit' ? 'write transitGateway as well' : 'remove transitGateway, or write transit',
            ),
          ],
          [['transitGateway'], because(why, 'remove it, or write egress: transit')],
        ),
      );
    }
    const { endpoints = [] } = network;
    const twice = endpoints.filter((name, index) => endpoints.indexOf(name) !== index);
    if (twice.length > 0) {
      context.addIssue({
        code: 'custom',
        path: ['endpoints'],
        message: because(`${twice.join(', ')} is listed twice`, `remove the second ${twice.join(' and ')}`),
      });
    }
  });
