import type { VpnTunnel } from '../../aws-api/vpn-tunnels.ts';
import { tunnelsOf } from '../../config/link/tunnels.ts';
import { counted } from '../../text/plural.ts';
import type { LinkAndSides } from '../choose.ts';
import { BOTH, type Gateway, gatewayName } from '../gateways.ts';
import type { GatewayReply, GatewayTunnel } from './reply.ts';

/** An answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly reason: string };

export interface LinkAnswers {
  readonly aws: Answer<readonly VpnTunnel[]>;
  readonly gateways: Readonly<Record<Gateway, Answer<GatewayReply>>>;
}

export interface TunnelStatus {
  /** `1-2`: of gateway 1, the second one. */
  readonly id: string;
  /** Null where that side was not asked, or does not have it. */
  readonly aws: VpnTunnel | null;
  readonly gateway: GatewayTunnel | null;
  /** When either side saw it change last. */
  readonly changedAt: Date | null;
}

export interface Problem {
  /** `tunnel 1-2`, `link-main-gateway-1`. */
  readonly subject: string;
  readonly text: string;
}

export interface LinkStatus {
  readonly link: string;
  readonly cloud: string;
  readonly environment: string;
  /** Whether every part answered, and none has a problem. */
  readonly isWell: boolean;
  readonly gateways: readonly ({ readonly name: string } & Partial<Omit<GatewayReply, 'tunnels'>>)[];
  readonly tunnels: readonly TunnelStatus[];
  readonly problems: readonly Problem[];
  /** What did not answer, and why: of it, nothing is known. */
  readonly unasked: readonly { readonly what: string; readonly why: string }[];
}

/** A prober writes several times a second; one that is silent so long has stopped. In seconds. */
const SILENT_SECONDS = 10;

/** What the answers mean. Pure. */
export function linkStatus(chosen: LinkAndSides, answers: LinkAnswers): LinkStatus {
  const { link, cloud, environment } = chosen;
  const replies = BOTH.map((gateway) => ({
    gateway,
    name: gatewayName(chosen, gateway),
    said: answers.gateways[gateway],
  }));
  const aws = 'value' in answers.aws ? answers.aws.value : undefined;
  const tunnels = tunnelsOf(link.name, link.value).map(({ id, gateway, index, inside }): TunnelStatus => {
    const said = answers.gateways[gateway as Gateway];
    const own = 'value' in said ? said.value.tunnels.find((each) => each.index === index) : undefined;
    const far = aws?.find((each) => each.inside === inside);
    const times = [far?.changedAt?.getTime(), own === undefined ? undefined : own.since * 1000].filter(
      (each) => each !== undefined,
    );
    return {
      id,
      aws: far ?? null,
      gateway: own ?? null,
      changedAt: times.length === 0 ? null : new Date(Math.max(...times)),
    };
  });
  const known = replies.flatMap(({ name, said }) => ('value' in said ? [{ name, reply: said.value }] : []));
  const problems = [
    ...known.flatMap(({ name, reply }) => gatewayProblems(reply).map((text) => ({ subject: name, text }))),
    ...(known.length === BOTH.length ? addressProblems(known.map(({ reply }) => reply)) : []),
    ...tunnels.flatMap((tunnel) =>
      tunnelProblems(tunnel, { mtu: link.value.tunnels.mtu, awsAnswered: aws !== undefined }).map((text) => ({
        subject: `tunnel ${tunnel.id}`,
        text,
      })),
    ),
  ];
  const unasked = [
    ...('reason' in answers.aws ? [{ what: 'AWS', why: answers.aws.reason }] : []),
    ...replies.flatMap(({ name, said }) => ('reason' in said ? [{ what: name, why: said.reason }] : [])),
  ];
  return {
    ...{ link: link.name, cloud: cloud.name, environment: environment.name },
    isWell: problems.length === 0 && unasked.length === 0,
    gateways: replies.map(({ name, said }) => ({ name, ...('value' in said ? withoutTunnels(said.value) : {}) })),
    ...{ tunnels, problems, unasked },
  };
}

function withoutTunnels({ tunnels: _, ...rest }: GatewayReply): Omit<GatewayReply, 'tunnels'> {
  return rest;
}

function gatewayProblems({ age, isDrained, isWell }: GatewayReply): string[] {
  if (age > SILENT_SECONDS) return [`its prober wrote last ${Math.round(age)} s ago: what it says is old`];
  if (isDrained) return ['it is drained: all traffic goes by the other one'];
  return isWell ? [] : ['no tunnel of its own passes traffic'];
}

/** Exactly one of the two has the address that traffic is sent to. */
function addressProblems(replies: readonly GatewayReply[]): Problem[] {
  const holders = replies.filter(({ vrrp }) => vrrp === 'MASTER').length;
  if (holders === 1) return [];
  return [
    {
      subject: 'shared address',
      text: holders === 0 ? 'no gateway has it' : 'both gateways have it: they do not hear each other',
    },
  ];
}

function tunnelProblems(
  { aws, gateway }: TunnelStatus,
  { mtu, awsAnswered }: { readonly mtu: number; readonly awsAnswered: boolean },
): string[] {
  const found: string[] = [];
  if (aws === null) {
    if (awsAnswered) found.push('AWS has no such tunnel');
  } else {
    if (aws.connectionState !== 'available') found.push(`AWS: its connection is ${aws.connectionState}`);
    if (!aws.isUp) found.push(`AWS: it is down${aws.message === '' ? '' : ` (${aws.message})`}`);
    else if (aws.acceptedRoutes === 0) found.push('AWS: the gateway tells it no route');
  }
  if (gateway === null) return found;
  const { ike, state, reason, bgp, routes } = gateway;
  if (ike?.carries !== true) found.push(`IKE is ${ike === null ? 'not begun' : ike.state}`);
  if (bgp !== 'Established') found.push(`BGP is ${bgp}`);
  else if (routes.length === 0) found.push('AWS tells the gateway no route');
  if (state !== 'good') found.push(`it is ${state}: ${reason}`);
  if (aws !== null && gateway.outside !== aws.outside)
    found.push(`the gateway speaks with ${gateway.outside}, and AWS is at ${aws.outside}`);
  if (gateway.mtu !== null && gateway.mtu < mtu)
    found.push(`packets of ${counted(gateway.mtu, 'byte')} pass, and ${mtu} should`);
  return found;
}
