import { EC2Client, ModifyVpnTunnelOptionsCommand } from '@aws-sdk/client-ec2';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Secret } from '../secrets/secret.ts';
import { called, calledUnless } from './aws-error.ts';
import type { AwsConnection } from './connection.ts';
import { ATTEMPTS } from './session.ts';
import type { VpnTunnel } from './vpn-tunnels.ts';

type Reached = Pick<AwsConnection, 'region' | 'credentials'>;

/**
 * Gives one tunnel another pre-shared key. AWS begins then: the connection is `modifying` and the tunnel down, for some minutes.
 * @throws TandemError `aws-…`
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/modify-vpn-tunnel-options.html
 */
export async function changeTunnelKey(
  { region, credentials }: Reached,
  { connection, outside }: Pick<VpnTunnel, 'connection' | 'outside'>,
  key: Secret,
): Promise<void> {
  const ec2 = new EC2Client({ region, credentials, maxAttempts: ATTEMPTS });
  const TunnelOptions = { PreSharedKey: key.unwrap() };
  const of = { VpnConnectionId: connection, VpnTunnelOutsideIpAddress: outside };
  try {
    const command = new ModifyVpnTunnelOptionsCommand({ ...of, TunnelOptions });
    await called('ec2:ModifyVpnTunnelOptions', () => ec2.send(command));
  } finally {
    ec2.destroy();
  }
}

/**
 * Lets CloudFormation read another key, by the name that the stack's template has (`tandem/link/…`). Where the stack has none there, its
 * next deploy writes it. @throws TandemError `aws-…`
 */
export async function publishTunnelKey({ region, credentials }: Reached, name: string, key: Secret): Promise<void> {
  const client = new SecretsManagerClient({ region, credentials, maxAttempts: ATTEMPTS });
  try {
    const command = new PutSecretValueCommand({ SecretId: `tandem/${name}`, SecretString: key.unwrap() });
    await calledUnless('secretsmanager:PutSecretValue', /^ResourceNotFoundException$/, () => client.send(command));
  } finally {
    client.destroy();
  }
}
