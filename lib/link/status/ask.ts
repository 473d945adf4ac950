import type { VpnTunnel } from '../../aws-api/vpn-tunnels.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { LinkAndSides } from '../choose.ts';
import { type Gateway, type GatewayShell, gatewayName } from '../gateways.ts';
import { unreached } from '../unreached.ts';
import { QUESTION } from './question.ts';
import { type GatewayReply, readReply } from './reply.ts';
import { type Answer, type LinkStatus, linkStatus } from './report.ts';

/** What is asked. */
export interface StatusPorts {
  /** Tunnels of the environment's side. */
  tunnels(): Promise<readonly VpnTunnel[]>;
  readonly shell: GatewayShell;
}

/** Asks both sides at once. Whoever does not answer is told, and hides nobody else. */
export async function askLinkStatus(ports: StatusPorts, chosen: LinkAndSides): Promise<LinkStatus> {
  const [aws, first, second] = await Promise.all([
    answerOf(() => ports.tunnels()),
    answerOf(() => askGateway(ports.shell, chosen, 1)),
    answerOf(() => askGateway(ports.shell, chosen, 2)),
  ]);
  return linkStatus(chosen, { aws, gateways: { 1: first, 2: second } });
}

/** @throws TandemError `link-gateway-unreached`, `link-gateway-refuses-key`, `link-gateway-other-host-key`, `link-gateway-not-ready`, and those of the shell */
async function askGateway(shell: GatewayShell, chosen: LinkAndSides, gateway: Gateway): Promise<GatewayReply> {
  const name = gatewayName(chosen, gateway);
  const { code, stdout, stderr } = await shell.run(gateway, QUESTION);
  if (code !== 0) throw unreached(chosen, gateway, stderr, `its answer ended with ${code}`);
  return readReply(name, stdout);
}

async function answerOf<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof TandemError) return { reason: `${error.message}; ${error.next}` };
    throw error;
  }
}
