import type { TandemError } from '../errors/tandem-error.ts';
import type { LinkAndSides } from './choose.ts';
import { gatewayOtherHostKey, gatewayRefusesKey, gatewayUnreached } from './errors.ts';
import { type Gateway, gatewayName } from './gateways.ts';

/** How ssh ends where it did not get there. */
export const UNREACHED = 255;

/** What ssh says in its last line, of OpenSSH's sshconnect.c and sshconnect2.c. */
const HOST_KEY = /^Host key verification failed/;
const REFUSED = /Permission denied \(|Too many authentication failures/;

/** Why a gateway was not asked, by the end of what ssh said. Pure. @param otherwise - Where it said nothing */
export function unreached(chosen: LinkAndSides, gateway: Gateway, stderr: string, otherwise = ''): TandemError {
  const name = gatewayName(chosen, gateway);
  const said = stderr.trim().split('\n').at(-1) ?? '';
  if (HOST_KEY.test(said)) return gatewayOtherHostKey(name, chosen.link.name);
  if (REFUSED.test(said)) return gatewayRefusesKey(name, said);
  return gatewayUnreached(name, said || otherwise);
}
