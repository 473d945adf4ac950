import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeVpnConnectionsCommand,
  type EC2Client,
  ModifyVpnTunnelOptionsCommand,
  type VpnConnection,
} from '@aws-sdk/client-ec2';
import { called } from '../../../aws-api/aws-error.ts';
import { tunnelNotBack } from '../errors.ts';
import type { Look } from './look.ts';
import { type TunnelSettings, tunnelWords } from './wanted.ts';

/** AWS takes some minutes for a tunnel (vpn/latest/s2svpn/modify-vpn-tunnel-options.html). */
const LIMIT_MS = 30 * 60_000;

interface LiveTunnel {
  /** Outside address. */
  readonly address: string;
  readonly settings: TunnelSettings;
  readonly isUp: boolean;
}

/** Tunnels of a connection whose options are others than wanted; they are given them one at a time. */
export async function otherTunnels(ec2: EC2Client, id: string, wanted: TunnelSettings): Promise<Look | undefined> {
  const others = tunnelsIn(await described(ec2, id)).filter(({ settings }) => differs(settings, wanted));
  if (others.length === 0) return undefined;
  return {
    actual: others.map(({ address, settings }) => `${address}: ${tunnelWords(settings)}`),
    async set(signal) {
      for (const { address } of others) await give(ec2, id, address, wanted, signal);
    },
  };
}

/** Changes one tunnel, and waits until it is as well as before: the next one carries traffic meanwhile. */
async function give(
  ec2: EC2Client,
  id: string,
  VpnTunnelOutsideIpAddress: string,
  TunnelOptions: TunnelSettings,
  signal: AbortSignal,
): Promise<void> {
  const before = await settled(ec2, id, () => true, VpnTunnelOutsideIpAddress, signal);
  const wasUp = upIn(before, VpnTunnelOutsideIpAddress);
  await called('ec2:ModifyVpnTunnelOptions', () =>
    ec2.send(new ModifyVpnTunnelOptionsCommand({ VpnConnectionId: id, VpnTunnelOutsideIpAddress, TunnelOptions })),
  );
  const isBack = (live: VpnConnection) => !wasUp || upIn(live, VpnTunnelOutsideIpAddress);
  await settled(ec2, id, isBack, VpnTunnelOutsideIpAddress, signal);
}

/** The connection once no change of it is under way, and it is as it should be. @throws TandemError `tunnel-not-back` */
async function settled(
  ec2: EC2Client,
  id: string,
  isFine: (live: VpnConnection) => boolean,
  address: string,
  signal: AbortSignal,
): Promise<VpnConnection> {
  const until = Date.now() + LIMIT_MS;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 15_000)) {
    const live = await described(ec2, id);
    if (live.State === 'available' && isFine(live)) return live;
    if (Date.now() > until) throw tunnelNotBack(id, address, live.State ?? 'unknown');
    await sleep(pause, undefined, { signal });
  }
}

async function described(ec2: EC2Client, id: string): Promise<VpnConnection> {
  const { VpnConnections: [found = {}] = [] } = await called('ec2:DescribeVpnConnections', () =>
    ec2.send(new DescribeVpnConnectionsCommand({ VpnConnectionIds: [id] })),
  );
  return found;
}

function tunnelsIn(live: VpnConnection): LiveTunnel[] {
  return (live.Options?.TunnelOptions ?? []).map(
    ({ OutsideIpAddress: address = '', DpdTimeoutSeconds, EnableTunnelLifecycleControl }) => ({
      address,
      settings: {
        // What AWS does where nothing is said: API_VpnTunnelOptionsSpecification.
        DPDTimeoutSeconds: DpdTimeoutSeconds ?? 30,
        EnableTunnelLifecycleControl: EnableTunnelLifecycleControl ?? false,
      },
      isUp: upIn(live, address),
    }),
  );
}

function upIn({ VgwTelemetry = [] }: VpnConnection, address: string): boolean {
  return VgwTelemetry.some(({ OutsideIpAddress, Status }) => OutsideIpAddress === address && Status === 'UP');
}

function differs(a: TunnelSettings, b: TunnelSettings): boolean {
  return (
    a.DPDTimeoutSeconds !== b.DPDTimeoutSeconds || a.EnableTunnelLifecycleControl !== b.EnableTunnelLifecycleControl
  );
}
