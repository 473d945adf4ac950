import { z } from 'zod';

/**
 * Key of a resource's metadata under which its artefact names outputs of the stack that CloudFormation has no attribute for: the engine
 * asks the service for them. `cdk deploy` only carries it.
 */
export const LOOKED_UP_OUTPUTS = 'Tandem::LookedUpOutputs';

const name = z.string().regex(/^[A-Za-z0-9]+$/);

/** Of a VPN connection: outside addresses of its tunnels, outputs by their inside ranges. */
const connection = z.strictObject({ TunnelAddresses: z.record(z.string(), name) });
/** Of a security group: addresses of the interfaces that have it, with commas between. */
const group = z.strictObject({ InterfaceAddresses: name });

export const lookedUpOutputsSchema = z.union([connection, group]);

export type LookedUpOutputs = z.output<typeof lookedUpOutputsSchema>;
