import { z } from 'zod';

/**
 * Key of a resource's metadata under which its artefact says what is set after the stack is deployed, because CloudFormation has no
 * property for it. The engine does it, plans it, and tells where it was undone; `cdk deploy` only carries it.
 */
export const AFTER_DEPLOYMENT = 'Tandem::AfterDeployment';

/** Of a VPC: its default security group, which lets all members reach each other and the world, has no rules. */
const vpc = z.strictObject({ DefaultSecurityGroup: z.literal('closed') });
/** Of an Auto Scaling group: processes that are suspended. */
const group = z.strictObject({ SuspendedProcesses: z.array(z.string()).min(1) });

/** Of a VPN connection: options of its tunnels that CloudFormation would make the connection anew for. */
const connection = z.strictObject({
  TunnelOptions: z.strictObject({ DPDTimeoutSeconds: z.int(), EnableTunnelLifecycleControl: z.boolean() }),
});

export const afterDeploymentSchema = z.union([vpc, group, connection]);

export type AfterDeployment = z.output<typeof afterDeploymentSchema>;
