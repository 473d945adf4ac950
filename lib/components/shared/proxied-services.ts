import { z } from 'zod';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { count, name, port, urlPath } from '../../config/schema/common.ts';

const target = {
  to: tierReference().describe('Tier whose servers answer.'),
  targetPort: port.describe('Port that they answer on.'),
  check: urlPath.default('/').describe('Path that a server in order answers with a status below 400.'),
};

const route = z.strictObject({
  path: urlPath.describe('Beginning of the paths that go this way.'),
  methods: z
    .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']))
    .default([])
    .describe('Methods that go this way; none means all.'),
  ...target,
});

export const service = z.strictObject({
  port: port.default(80).describe('Port that clients call.'),
  ...target,
  routes: z
    .array(route)
    .default([])
    .describe('Requests that go elsewhere, by path and method. The first that fits decides.'),
});

/** What both proxies are told: services by name, each with its tier, and routes to others. */
const services = z
  .record(name(), service)
  .describe('Services by name: where clients call, which tier answers, and what goes to another.');

/** The proxies' settings that people tune, in place: they stand in metadata. */
export const proxySettings = {
  services,
  maxConnections: count(64, 200_000).default(8192).describe('Connections at once.'),
  serverTimeoutSeconds: count(1, 3600).default(30).describe('Longest wait for an answer, in seconds.'),
};

export type Service = z.infer<typeof service>;
export type Route = z.infer<typeof route>;
export type Services = Readonly<Record<string, Service>>;

export interface Pool {
  /** `web`, and `web_1` for its first route: names of services have no underscores. */
  readonly name: string;
  readonly tier: string;
  readonly port: number;
  readonly check: string;
}

/** The groups of servers that a service sends requests to: its own first, then one a route. */
export function pools(serviceName: string, given: Service): readonly Pool[] {
  return [given, ...given.routes].map(({ to, targetPort, check }, index) => ({
    name: index === 0 ? serviceName : `${serviceName}_${index}`,
    tier: to.tier,
    port: targetPort,
    check,
  }));
}

export function tiersBehind(given: Services): readonly string[] {
  return [...new Set(Object.entries(given).flatMap(([key, one]) => pools(key, one).map(({ tier }) => tier)))].sort();
}
