import { z } from 'zod';

const aws = z.strictObject({
  connection: z.string(),
  connectionState: z.string(),
  inside: z.string(),
  outside: z.string(),
  isUp: z.boolean(),
  message: z.string(),
  acceptedRoutes: z.int(),
  changedAt: z.iso.datetime().optional(),
});

const gateway = z.strictObject({
  index: z.int(),
  state: z.string().describe('`good`, `bad`, `closed`, `down` or `starting`.'),
  reason: z.string(),
  since: z.number().describe('Seconds since 1970, by the clock of the gateway.'),
  outside: z.string(),
  bgp: z.string(),
  routes: z.array(z.strictObject({ prefix: z.string(), isUsed: z.boolean() })),
  lost: z.int(),
  probes: z.int(),
  answers: z.array(z.string()),
  roundTripMs: z.number().nullable(),
  mtu: z.int().nullable().describe('Largest packet that passes, in bytes; null where none came back.'),
  ike: z.strictObject({ state: z.string(), establishedSeconds: z.int().nullable(), carries: z.boolean() }).nullable(),
});

export const linkStatusSchema = z.strictObject({
  format: z.literal('tandem.link-status/1'),
  link: z.string(),
  cloud: z.string(),
  environment: z.string(),
  isWell: z.boolean().describe('Whether every part answered, and none has a problem.'),
  gateways: z.array(
    z.strictObject({
      name: z.string(),
      vrrp: z.string().optional(),
      isWell: z.boolean().optional(),
      isDrained: z.boolean().optional(),
      tellsHalves: z.boolean().optional(),
      age: z.number().optional().describe('Seconds since its prober wrote last.'),
    }),
  ),
  tunnels: z.array(
    z.strictObject({
      id: z.string(),
      aws: aws.nullable(),
      gateway: gateway.nullable(),
      changedAt: z.iso.datetime().nullable(),
    }),
  ),
  problems: z.array(z.strictObject({ subject: z.string(), text: z.string() })),
  unasked: z.array(z.strictObject({ what: z.string(), why: z.string() })),
});
