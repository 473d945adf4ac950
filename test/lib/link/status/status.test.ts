import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pico from 'picocolors';
import { describe, expect, it } from 'vitest';
import { tunnelsIn, type VpnTunnel } from '../../../../lib/aws-api/vpn-tunnels.ts';
import { renderLinkStatus } from '../../../../lib/cli/render/link-status.ts';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import { TandemError } from '../../../../lib/errors/tandem-error.ts';
import { chooseLink } from '../../../../lib/link/choose.ts';
import type { Gateway, GatewayShell } from '../../../../lib/link/gateways.ts';
import { askLinkStatus } from '../../../../lib/link/status/ask.ts';
import { readReply } from '../../../../lib/link/status/reply.ts';
import { ikesIn } from '../../../../lib/link/status/sas.ts';
import { LINK } from '../../config/broken/links.ts';
import { minimal } from '../../config/minimal.ts';

/** What gateways with strongSwan 5.9.8 and FRR 8.4.4 answered to the question, unchanged. */
const reply = (name: string) => readFileSync(join(import.meta.dirname, 'replies', `${name}.json`), 'utf8');
const GOOD = { 1: reply('first'), 2: reply('second') };

const { project } = loadProject(memoryFiles({ ...minimal(), 'config/links/main.yaml': LINK }));
if (project === undefined) throw new Error('the project has problems');
const chosen = chooseLink(project);

/** As DescribeVpnConnections answers (Amazon EC2 API, "VgwTelemetry"). */
const connection = (gateway: Gateway, telemetry: object = {}) => ({
  VpnConnectionId: `vpn-${gateway}`,
  State: 'available' as const,
  Options: {
    TunnelOptions: [1, 2].map((index) => ({
      OutsideIpAddress: `198.51.100.${gateway}${index}`,
      TunnelInsideCidr: `169.254.100.${8 * (gateway - 1) + 4 * (index - 1)}/30`,
    })),
  },
  VgwTelemetry: [1, 2].map((index) => ({
    OutsideIpAddress: `198.51.100.${gateway}${index}`,
    ...{ Status: 'UP' as const, AcceptedRouteCount: 3, LastStatusChange: new Date('2026-11-29T11:00:00Z') },
    ...(index === 1 ? telemetry : {}),
  })),
});
const AWS = [...tunnelsIn(connection(1)), ...tunnelsIn(connection(2))];

function asked(
  replies: Readonly<Record<Gateway, string | { readonly code: number; readonly stderr: string }>>,
  tunnels: () => Promise<readonly VpnTunnel[]> = () => Promise.resolve(AWS),
) {
  const shell: GatewayShell = {
    run(gateway) {
      const said = replies[gateway];
      return Promise.resolve(
        typeof said === 'string' ? { code: 0, stdout: said, stderr: '' } : { ...said, stdout: '' },
      );
    },
  };
  return askLinkStatus({ tunnels, shell }, chosen);
}

describe('the status of a link', () => {
  it('is well where both sides say so of all four tunnels', async () => {
    const status = await asked(GOOD);
    expect(status.problems).toEqual([]);
    expect(status).toMatchObject({ link: 'main', cloud: 'north', environment: 'prod', isWell: true, unasked: [] });
    expect(status.tunnels.map(({ id, aws, gateway }) => [id, aws?.outside, gateway?.outside, gateway?.mtu])).toEqual([
      ['1-1', '198.51.100.11', '198.51.100.11', 1400],
      ['1-2', '198.51.100.12', '198.51.100.12', 1400],
      ['2-1', '198.51.100.21', '198.51.100.21', 1400],
      ['2-2', '198.51.100.22', '198.51.100.22', 1400],
    ]);
    const [first, second] = status.tunnels;
    expect(first?.gateway?.ike).toMatchObject({ state: 'ESTABLISHED', carries: true });
    // One way is used, the other one is known too.
    expect([first, second].flatMap((each) => each?.gateway?.routes ?? [])).toEqual([
      { prefix: '10.3.0.0/21', isUsed: expect.any(Boolean) as boolean },
      { prefix: '10.3.0.0/21', isUsed: expect.any(Boolean) as boolean },
    ]);
    // The side that saw a change later counts: a gateway here.
    expect(first?.changedAt).toEqual(new Date((first?.gateway?.since ?? 0) * 1000));
    expect(status.gateways).toMatchObject([
      { name: 'link-main-gateway-1', vrrp: 'MASTER', isWell: true, isDrained: false },
      { name: 'link-main-gateway-2', vrrp: 'BACKUP', isWell: true, isDrained: false },
    ]);
  });

  it('tells who does not answer, and what the others say', async () => {
    const status = await asked({ 1: GOOD[1], 2: { code: 255, stderr: 'warning\nConnection timed out' } }, () =>
      Promise.reject(new TandemError({ code: 'no-aws-credentials', message: 'no credentials', next: 'log in' })),
    );
    expect(status.isWell).toBe(false);
    expect(status.problems).toEqual([]);
    expect(status.unasked).toEqual([
      { what: 'AWS', why: 'no credentials; log in' },
      {
        what: 'link-main-gateway-2',
        why: expect.stringMatching(
          /^link-main-gateway-2 did not answer: Connection timed out; let `gateways.sshFrom`/,
        ) as string,
      },
    ]);
    expect(status.tunnels.map(({ aws, gateway }) => [aws === null, gateway === null])).toEqual([
      [true, false],
      [true, false],
      [true, true],
      [true, true],
    ]);
  });

  it('tells a key that gateways refuse, and a host that is another one', async () => {
    const refused = 'debian@203.0.113.1: Permission denied (publickey).';
    const { unasked } = await asked({
      1: { code: 255, stderr: `${refused}\r\n` },
      2: { code: 255, stderr: 'Offending key in known_hosts\nHost key verification failed.\r\n' },
    });
    const [first, second] = unasked.map(({ why }) => why);
    expect(first).toContain(`lets none of your SSH keys in: ${refused}; let \`gateways.sshKeys\``);
    expect(second).toContain('another host key than its console showed');
    expect(second).toContain('delete .tandem/ssh/link-main/known_hosts');
  });

  it('names what is wrong with a tunnel on either side', async () => {
    const down = tunnelsIn(connection(1, { Status: 'DOWN', StatusMessage: 'IPSEC IS DOWN' }));
    const silent = tunnelsIn(connection(2, { AcceptedRouteCount: 0 })).slice(0, 1);
    const status = await asked({ 1: GOOD[1], 2: reply('connecting') }, () => Promise.resolve([...down, ...silent]));
    const said = status.problems.map(({ subject, text }) => `${subject}: ${text}`);
    for (const line of [
      'link-main-gateway-2: no tunnel of its own passes traffic',
      'tunnel 1-1: AWS: it is down (IPSEC IS DOWN)',
      'tunnel 2-1: AWS: the gateway tells it no route',
      'tunnel 2-1: IKE is CONNECTING',
      'tunnel 2-1: it is bad: 4 of the last 8 questions behind it were lost',
      'tunnel 2-1: the gateway speaks with 198.51.100.11, and AWS is at 198.51.100.21',
      'tunnel 2-2: AWS has no such tunnel',
    ])
      expect(said).toContain(line);
    expect(said.filter((line) => line.startsWith('tunnel 1-2'))).toEqual([]);
  });

  it('sees a smaller way, an old answer, and two holders of the address', async () => {
    const changed = JSON.parse(GOOD[1]) as { now: number; largest: Record<string, number> };
    changed.largest['2'] = 1372;
    changed.now += 60;
    const status = await asked({ 1: JSON.stringify(changed), 2: GOOD[2].replaceAll('BACKUP', 'MASTER') });
    expect(status.problems.map(({ subject, text }) => `${subject}: ${text}`)).toEqual([
      'link-main-gateway-1: its prober wrote last 60 s ago: what it says is old',
      'shared address: both gateways have it: they do not hear each other',
      'tunnel 1-2: packets of 1372 bytes pass, and 1400 should',
    ]);
  });

  it('does not take for a gateway what is none yet', async () => {
    const status = await asked({ 1: 'cloud-init is at work', 2: GOOD[2] });
    expect(status.unasked).toEqual([
      { what: 'link-main-gateway-1', why: expect.stringContaining('is no gateway yet') as string },
    ]);
    expect(() => readReply('g', JSON.stringify({ now: 1, state: '', sas: '', bgp: '', largest: {} }))).toThrow(
      'prober',
    );
  });

  it('is one line a tunnel for people', async () => {
    const view = { colors: pico.createColors(false), columns: 100 };
    const text = renderLinkStatus(await asked({ 1: GOOD[1], 2: { code: 255, stderr: 'off' } }), view);
    expect(text).toMatch(/1-1 +up, 3 routes +ESTABLISHED +Established +10\.3\.0\.0\/21.* 1400 bytes/);
    expect(text).toMatch(/2-1 +up, 3 routes +\? /);
    expect(text).toContain('link-main-gateway-1: has the shared address');
    expect(text).toContain('link-main-gateway-2 did not answer: off');
  });
});

describe('the connections of strongSwan', () => {
  it('are those that carry, while another one of the name begins', () => {
    const own = (JSON.parse(GOOD[1]) as { sas: string }).sas;
    const begun = 'list-sa event {tunnel-1 {uniqueid=9 version=2 state=CONNECTING local-host=10.9.0.2}}\n';
    for (const both of [`${own}\n${begun}`, `${begun}${own}`])
      expect(ikesIn(both).get(1)).toMatchObject({ state: 'ESTABLISHED', carries: true });
    expect(ikesIn(begun).get(1)).toEqual({ state: 'CONNECTING', establishedSeconds: null, carries: false });
    expect(ikesIn('').size).toBe(0);
  });
});

it('tunnels of a connection that was deleted are none', () => {
  expect(tunnelsIn({ ...connection(1), State: 'deleted' })).toEqual([]);
});
