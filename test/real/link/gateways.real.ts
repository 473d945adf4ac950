import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoForming } from '../form/support/formation.ts';
import { CALM_SECONDS, TRIES } from './calm.ts';
import { drop, entries, forget, formLinkPair, heal, type LinkPair, settled, stateOf, until } from './pair.ts';
import { FAR_ADDRESS } from './pair-far-side.ts';
import { type Pinged, pingedWhile } from './steady-ping.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

function tell(what: string, { sent, lost, longestGapSeconds, stoodStillSeconds }: Pinged): void {
  process.stdout.write(
    `Link: ${what}: ${lost} of ${sent} pings lost, longest gap ${longestGapSeconds} s, of the machine itself ${stoodStillSeconds} s\n`,
  );
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a pair of gateways', () => {
  let pair: LinkPair;

  beforeAll(async () => {
    pair = await formLinkPair();
  });
  afterAll(async () => {
    await pair.lease.stop();
  });

  const pinged = async (act: () => Promise<void>) => pingedWhile(pair.tenant, FAR_ADDRESS, act);

  /** Once more where the machine stood still meanwhile, which says nothing about gateways. @param again makes what was before */
  async function losesNothing(what: string, act: () => Promise<void>, again: () => Promise<void>): Promise<void> {
    for (let left = TRIES; ; left -= 1) {
      const seen = await pinged(act);
      tell(what, seen);
      if (seen.stoodStillSeconds < CALM_SECONDS || left === 0) expect(seen.lost).toBe(0);
      if (seen.lost === 0) return;
      await again();
    }
  }

  async function passes(): Promise<void> {
    const ping = ['ping', '-c1', '-W1', FAR_ADDRESS];
    await until('traffic passes', async () => (await pair.tenant.exec(ping)).code === 0);
  }

  /** The tunnel of the first gateway, 1 or 2, that traffic to AWS goes through. */
  async function used(): Promise<number> {
    const said = await pair.first.must(['ip', 'route', 'get', FAR_ADDRESS]);
    return Number(/dev tun(\d)/.exec(said)?.[1]);
  }

  async function left(tunnel: number): Promise<void> {
    await until('it is left', async () => (await stateOf(pair.first)).tunnels[tunnel - 1]?.state === 'bad');
    await passes();
  }

  it('have settings that their programs take', async () => {
    const { first } = pair;
    await first.must(['vtysh', '-C']);
    await first.must(['keepalived', '--config-test']);
    expect(await first.must(['unbound-checkconf'])).toContain('no errors');
    await first.must(['nft', '--check', '--file', '/etc/tandem-link/nftables.conf']);
    const said = await first.must(['swanctl', '--list-conns']);
    for (const id of ['203.0.113.1', '198.51.100.11', '198.51.100.12']) expect(said).toContain(`id: ${id}`);
    const units = ['tandem-link', 'strongswan', 'frr', 'unbound', 'keepalived', 'tandem-link-probe'];
    const verified = await first.exec(['systemd-analyze', 'verify', ...units.map((unit) => `${unit}.service`)]);
    expect(verified.stderr.split('\n').filter((line) => line.includes('tandem'))).toEqual([]);
    expect(await first.must(['stat', '-c', '%a %U', '/etc/swanctl/conf.d/tandem-link-keys.conf'])).toBe('600 root\n');
  });

  it('leave a tunnel that is up and passes nothing, and come back without a loss', async () => {
    const tunnel = await used();
    const lose = async () => {
      await drop(pair, [`far${tunnel}`]);
      await left(tunnel);
    };
    tell('a tunnel that passes nothing', await pinged(lose));
    // BGP still believes in it.
    expect((await stateOf(pair.first)).tunnels[tunnel - 1]?.bgp).toBe('Established');
    expect(await stateOf(pair.first)).toMatchObject({ vrrp: 'MASTER', halves: true });
    const comeBack = async () => {
      await heal(pair);
      await settled(pair);
    };
    await losesNothing('the same tunnel comes back', comeBack, lose);
    expect((await stateOf(pair.first)).halves).toBe(false);
    await forget(pair);
  });

  it('leave a tunnel whose end point answers and forwards nothing', async () => {
    const tunnel = await used();
    const grey = await pinged(async () => {
      await drop(pair, [`far${tunnel}`], 'ip saddr != 169.254.0.0/16 ip daddr != 169.254.0.0/16');
      await left(tunnel);
    });
    tell('an end point that forwards nothing', grey);
    expect((await stateOf(pair.first)).vrrp).toBe('MASTER');
    await heal(pair);
    await settled(pair);
    await forget(pair);
  });

  it('answer for names of the environment, each of them', async () => {
    const question = String.raw`bytes.fromhex("123401000001000000000000") + b"\3www\4prod\7example\3org\0\0\1\0\1"`;
    for (const { address } of [pair.first, pair.second]) {
      const ask = `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(10); s.sendto(${question}, ("${address}", 53)); print(s.recv(512)[3] & 15)`;
      const { stdout, stderr } = await pair.tenant.exec(['python3', '-c', ask]);
      expect(stdout, stderr).toBe('0\n');
    }
  });

  it('follow another range in place', async () => {
    const { lease, first, second, far, network } = pair;
    const units = ['strongswan', 'frr', 'keepalived', 'unbound', 'tandem-link-probe'].map((each) => `${each}.service`);
    const started = async () => first.must(['systemctl', 'show', '--property=ActiveEnterTimestampMonotonic', ...units]);
    const before = await started();
    const told = (...more: string[]) =>
      lease.tell(entries({ 'told-1': [`${network}.0/24`, ...more].join(' ') }), [first, second]);
    const isTold = async () => (await far.must(['ip', 'route', 'show', '10.44.0.0/16'])) !== '';
    const more = async () => {
      await told('10.44.0.0/16');
      await until('it is told', isTold);
    };
    const less = async () => {
      await told();
      await until('it is told no more', async () => !(await isTold()));
    };
    await losesNothing('another range', more, less);
    expect(await started()).toBe(before);
  });

  it('are drained without a loss, and taken back without one', async () => {
    const drain = async () => {
      await pair.first.must(['/usr/local/lib/tandem/bring-up', 'drain']);
    };
    const resume = async () => {
      await pair.first.must(['/usr/local/lib/tandem/bring-up', 'resume']);
      await settled(pair);
    };
    await losesNothing('a drain', drain, resume);
    expect((await stateOf(pair.second)).vrrp).toBe('MASTER');
    await losesNothing('its resumption', resume, drain);
  });

  it('survive the first one without power, and give it the address back', async () => {
    const { first, second } = pair;
    const die = async () => {
      await drop(pair, ['far1', 'far2']);
      await first.cut();
      await first.kill();
      await passes();
    };
    tell('the first gateway without power', await pinged(die));
    expect(await stateOf(second)).toMatchObject({ vrrp: 'MASTER', halves: true });
    await heal(pair);
    const comeBack = async () => {
      await first.heal();
      await first.boot();
      await settled(pair);
    };
    const dieAgain = async () => {
      await die();
      await heal(pair);
    };
    await losesNothing('its return', comeBack, dieAgain);
    expect((await stateOf(second)).halves).toBe(false);
  });
});
