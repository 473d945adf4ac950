import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinkBench } from '../../../lab/link/bench.ts';
import { FLOATING, outsideOf } from '../../../lab/link/settings.ts';
import { whyNoForming } from '../../../lab/servers/roots.ts';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { bedSettings } from '../../../lib/link/drill/bed-settings.ts';
import { newKey } from '../../../lib/link/drill/cases.ts';
import { askLinkStatus } from '../../../lib/link/status/ask.ts';
import { smallLink } from './support.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`No gateway is asked: ${reason}\n`);

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('gateways that are asked', () => {
  const chosen = smallLink();
  let bench: LinkBench;
  beforeAll(async () => {
    bench = await LinkBench.up(await bedSettings(chosen, { floating: FLOATING, outsideOf }, newKey));
  });
  afterAll(async () => {
    await bench.down();
  });

  // Nobody answers for AWS's API here: what follows from its answers is tried elsewhere.
  const asked = () =>
    askLinkStatus(
      {
        tunnels: () => Promise.reject(new TandemError({ code: 'no-aws', message: 'nobody answers', next: 'wait' })),
        shell: { run: (gateway, command) => bench.exec(gateway, command) },
      },
      chosen,
    );

  it('tell of four tunnels with their keys, routes and sizes', async () => {
    const began = performance.now();
    const { problems, tunnels, unasked } = await asked();
    process.stdout.write(`Link: both gateways answered in ${Math.round(performance.now() - began)} ms\n`);
    expect(problems).toEqual([]);
    expect(unasked).toEqual([{ what: 'AWS', why: 'nobody answers; wait' }]);
    const all = tunnels.map(({ gateway }) => gateway);
    expect(all.map((each) => [each?.state, each?.bgp, each?.mtu, each?.ike?.carries])).toEqual(
      Array(4).fill(['good', 'Established', 1400, true]),
    );
    for (const each of all) expect(each?.routes.map(({ prefix }) => prefix)).toEqual(['10.3.0.0/21']);
  });

  it('tell of a tunnel that is up and passes nothing, and of no other', async () => {
    await bench.lose(['12'], 100);
    await expect.poll(async () => (await bench.state(1)).tunnels[1]?.state, { timeout: 300_000 }).toBe('bad');
    const { problems, tunnels } = await asked();
    await bench.loseNothing();
    expect(problems.map(({ subject }) => subject)).toEqual(['tunnel 1-2']);
    expect(problems[0]?.text).toMatch(/^it is bad: \d of the last 8 .* were lost$/);
    expect(tunnels[1]?.gateway).toMatchObject({ bgp: 'Established', mtu: null });
  });
});
