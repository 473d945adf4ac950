import type { LinkStatus, TunnelStatus } from '../../link/status/report.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';
import type { View } from '../view.ts';

const HEAD = ['tunnel', 'AWS', 'IKE', 'BGP', 'routes', 'probes', 'round trip', 'largest packet', 'last change'];

/** A line a tunnel, then what is wrong, then who did not answer. */
export function renderLinkStatus(status: LinkStatus, { colors }: View): string {
  const { link, cloud, environment, isWell, gateways, tunnels, problems, unasked } = status;
  const verdict = problems.length > 0 ? 'has problems' : 'answers in part';
  const title = `${link}: ${cloud} and ${environment}`;
  return [
    isWell ? `${title} are joined, and all is well` : colors.yellow(`${title}: ${verdict}`),
    '',
    ...table(tunnels.map(cellsOf), { head: HEAD, right: [], indent: 2 }),
    '',
    ...gateways.map(
      ({ name, vrrp, isDrained }) => `  ${name}: ${vrrp === undefined ? 'unknown' : roleOf(vrrp, isDrained)}`,
    ),
    ...section(
      'problems',
      problems.map(({ subject, text }) => `${subject}: ${text}`),
    ),
    ...section(
      'no answer',
      unasked.map(({ what, why }) => `${what}: ${why}`),
    ),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => printableLine(`  ${line}`))];
}

function roleOf(vrrp: string, isDrained = false): string {
  return `${vrrp === 'MASTER' ? 'has the shared address' : 'stands by'}${isDrained ? ', drained' : ''}`;
}

function cellsOf({ id, aws, gateway, changedAt }: TunnelStatus): string[] {
  const own =
    gateway === null
      ? ['?', '?', '?', '?', '?', '?']
      : [
          gateway.ike === null ? 'none' : gateway.ike.state,
          gateway.bgp,
          gateway.routes.map(({ prefix, isUsed }) => `${prefix}${isUsed ? '' : ' (not used)'}`).join(' ') || 'none',
          gateway.answers.length === 0
            ? `${gateway.state}, none answered`
            : `${gateway.state}, ${gateway.lost} of ${gateway.probes} lost`,
          gateway.roundTripMs === null ? 'none' : `${gateway.roundTripMs} ms`,
          gateway.mtu === null ? 'none' : `${gateway.mtu} bytes`,
        ];
  const far = aws === null ? '?' : `${aws.isUp ? 'up' : 'down'}, ${aws.acceptedRoutes} routes`;
  return [id, far, ...own, changedAt?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '?'];
}
