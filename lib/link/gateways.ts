import { gatewayServerName } from '../components/link-gateway/software.ts';
import type { LinkAndSides } from './choose.ts';

export type Gateway = 1 | 2;
export const BOTH: readonly Gateway[] = [1, 2];

/** What a command on a gateway said. */
export interface Ran {
  /** 255 where the gateway was not reached. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands on the gateways of a link, as root. */
export interface GatewayShell {
  /** @throws TandemError where nobody knows where the gateway is, or how to get there */
  run(gateway: Gateway, command: readonly string[]): Promise<Ran>;
}

/** `link-main-gateway-1`: name of the server. */
export function gatewayName({ link }: Pick<LinkAndSides, 'link'>, gateway: Gateway): string {
  return gatewayServerName(link.name, gateway);
}
