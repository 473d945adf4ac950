import { z } from 'zod';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { count, name, port, urlPath } from '../../config/schema/common.ts';
import { datacenter } from '../consul/settings.ts';

const service = z.strictObject({
  name: name(63).describe('Name, as in `web.service.consul`.'),
  port: port.describe('Port that it answers on.'),
  tags: z.array(name(63)).default([]).describe('Tags, as in `blue.web.service.consul`.'),
  check: z
    .strictObject({
      path: urlPath
        .optional()
        .describe(
          'Path of a page that must answer with a code of 200 to 299. Default: the port must take a connection.',
        ),
      intervalSeconds: count(1, 300).default(2).describe('How often it is asked, in seconds.'),
    })
    .prefault({})
    .describe('How Consul knows that a server serves. Others are left out of answers.'),
});

export const consulAgentSettings = z.strictObject({
  servers: z
    .union([tierReference(), z.literal('link')])
    .describe(
      "Tier that runs Consul's servers; or `link`, for those of the link that the blueprint asks for (`link: true`), where it has `discovery`: services of all such environments of the cloud, and those on AWS, find each other.",
    ),
  datacenter: datacenter.optional(),
  services: z.array(service).default([]).describe('What each server of the tier is registered for.'),
});

export type ConsulAgentSettings = z.output<typeof consulAgentSettings>;
export type ConsulService = ConsulAgentSettings['services'][number];
