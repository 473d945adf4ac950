import { z } from 'zod';
import { ACCESS_KEY_ID, AWS_PORT, awsEndpointSettings } from '../components/aws-endpoint/settings.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Outputs } from '../engines/engine.ts';
import type { Secret, SecretRef } from '../secrets/secret.ts';
import type { ClusterConnection } from './cluster.ts';

const COMPONENT = 'aws-endpoint';

/** The tier of a blueprint, its parts among it, that stands for AWS. */
export interface EndpointTier {
  readonly tier: string;
  readonly region: string;
}

/** Undefined where none does. Pure. */
export function endpointTierOf({ tiers }: Pick<Blueprint, 'tiers'>): EndpointTier | undefined {
  for (const [tier, { runs }] of Object.entries(tiers)) {
    const run = Object.hasOwn(runs, COMPONENT) ? runs[COMPONENT] : undefined;
    if (run === undefined) continue;
    const region = awsEndpointSettings.shape.region.safeParse(run['region']);
    return { tier, region: region.data ?? awsEndpointSettings.shape.region.parse(undefined) };
  }
  return undefined;
}

const servers = z.record(
  z.string(),
  z.object({ tier: z.string(), address: z.string(), floating_address: z.string().optional() }),
);

/** Where it answers an operator: at its floating address, where it has one. Undefined where there is no such server. Pure. */
export function endpointUrlOf(outputs: Outputs, tier: string): string | undefined {
  const output = outputs['servers'];
  const { data = {} } = servers.safeParse(output?.sensitive === false ? output.value : undefined);
  const found = Object.values(data).find((server) => server.tier === tier);
  return found === undefined ? undefined : `http://${found.floating_address ?? found.address}:${AWS_PORT}`;
}

/** Where the key of a lease's endpoint is kept; its servers got the same at their boot. */
export function endpointSecretOf(lease: string): SecretRef {
  return `secret:lease/${lease}/${COMPONENT}/secret-key`;
}

export function endpointConnection(endpoint: string, region: string, secretKey: Secret): ClusterConnection {
  const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: secretKey.unwrap() };
  return { region, endpoint, credentials: () => Promise.resolve(credentials) };
}
