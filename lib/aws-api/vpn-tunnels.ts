import { DescribeVpnConnectionsCommand, EC2Client, type VpnConnection } from '@aws-sdk/client-ec2';
import { artefactName, type StackId } from '../stack/id.ts';
import { called } from './aws-error.ts';
import type { AwsConnection } from './connection.ts';
import { ATTEMPTS } from './session.ts';

/** A tunnel of a VPN connection, as AWS tells of it (Amazon EC2 API, VgwTelemetry and TunnelOption). */
export interface VpnTunnel {
  readonly connection: string;
  /** Of the connection: `available`, `modifying`. */
  readonly connectionState: string;
  /** Inside range, a /30: by it a tunnel is known on both sides. */
  readonly inside: string;
  /** Outside address of AWS's end point. */
  readonly outside: string;
  readonly isUp: boolean;
  /** `IPSEC IS UP`, `2 BGP ROUTES`; empty where all is well with nothing to say. */
  readonly message: string;
  /** Routes that AWS takes from the gateway. */
  readonly acceptedRoutes: number;
  /** When its status changed last; undefined where AWS never saw it up. */
  readonly changedAt: Date | undefined;
}

/** The tunnels of a stack's VPN connections. @throws TandemError `aws-…` */
export async function vpnTunnelsOf(
  { region, credentials }: Pick<AwsConnection, 'region' | 'credentials'>,
  stack: StackId,
): Promise<readonly VpnTunnel[]> {
  const ec2 = new EC2Client({ region, credentials, maxAttempts: ATTEMPTS });
  const filter = { Name: 'tag:stack', Values: [artefactName(stack)] };
  try {
    const { VpnConnections = [] } = await called('ec2:DescribeVpnConnections', () =>
      ec2.send(new DescribeVpnConnectionsCommand({ Filters: [filter] })),
    );
    return VpnConnections.flatMap(tunnelsIn);
  } finally {
    ec2.destroy();
  }
}

/** A deleted connection is told of for an hour. Pure. */
export function tunnelsIn(connection: VpnConnection): VpnTunnel[] {
  const { VpnConnectionId = '', State = 'unknown', Options, VgwTelemetry = [] } = connection;
  if (State === 'deleted' || State === 'deleting') return [];
  return (Options?.TunnelOptions ?? []).map(({ TunnelInsideCidr = '', OutsideIpAddress = '' }) => {
    const seen = VgwTelemetry.find((each) => each.OutsideIpAddress === OutsideIpAddress);
    return {
      ...{ connection: VpnConnectionId, connectionState: State, inside: TunnelInsideCidr, outside: OutsideIpAddress },
      isUp: seen?.Status === 'UP',
      message: seen?.StatusMessage ?? '',
      acceptedRoutes: seen?.AcceptedRouteCount ?? 0,
      changedAt: seen?.LastStatusChange,
    };
  });
}
