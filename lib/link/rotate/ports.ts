import type { VpnTunnel } from '../../aws-api/vpn-tunnels.ts';
import type { DeployPorts, OperationPorts } from '../../deploy/ports.ts';
import type { Secret, SecretRef, SecretStore } from '../../secrets/secret.ts';
import type { StatusPorts } from '../status/ask.ts';

/** Both sides of a link, and where its keys are kept. */
export interface RotatePorts extends OperationPorts, StatusPorts {
  readonly store: SecretStore;
  /** AWS begins to give a tunnel that key; the tunnel is down meanwhile. */
  changeKey(tunnel: VpnTunnel, key: Secret): Promise<void>;
  /** CloudFormation reads that key from now on. @param name - `link/main/tunnel-1-2` */
  publish(name: string, key: Secret): Promise<void>;
  /** Tells gateways where to get keys that were changed. Gives the names of those that were told. */
  offer(changed: ReadonlySet<SecretRef>): Promise<readonly string[]>;
  readonly sleep: DeployPorts['sleep'];
  /** @param text - `tunnel 1-2: drained` */
  readonly onStep: (text: string) => void;
}
