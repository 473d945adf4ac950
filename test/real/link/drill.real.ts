import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinkBench } from '../../../lab/link/bench.ts';
import { FLOATING, outsideOf } from '../../../lab/link/settings.ts';
import { whyNoForming } from '../../../lab/servers/roots.ts';
import { renderLinkDrill } from '../../../lib/cli/render/link-drill.ts';
import { bedSettings } from '../../../lib/link/drill/bed-settings.ts';
import { LINK_CASE_NAMES, type LinkCaseName } from '../../../lib/link/drill/case-names.ts';
import { newKey } from '../../../lib/link/drill/cases.ts';
import { runLinkDrill } from '../../../lib/link/drill/run.ts';
import { isWhole } from '../../chaos.ts';
import { calmly } from './calm.ts';
import { smallLink } from './support.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`No link is drilled: ${reason}\n`);

/** The worst of three counts; one of each is enough to see that nothing breaks. */
const RUNS = isWhole ? 3 : 1;

/** Of what a day does not need, a fifth by turns: all of it takes a quarter of an hour, and the tier six minutes at most. */
const TURNS: readonly (readonly LinkCaseName[])[] = [
  ['upgrade', 'consul-gateway-dies-aws'],
  ['end-dies-bfd', 'tunnel-passes-nothing', 'both-off-12', 'consul-all-off-12'],
  ['rotate', 'end-forwards-nothing', 'both-off-21', 'consul-server-down'],
  ['tunnel-loses', 'forwarder-down', 'both-off-both', 'consul-all-off-21'],
  ['gateway-returns', 'too-big', 'consul-gateway-dies', 'consul-all-off-both'],
];
const turn = TURNS[Math.floor(Date.now() / 86_400_000) % TURNS.length] ?? [];
const CASES = LINK_CASE_NAMES.filter((name) => isWhole || turn.includes(name) || !TURNS.flat().includes(name));

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a link on this machine', () => {
  const chosen = smallLink('discovery: {}');
  const { timers } = chosen.link.value.tunnels;
  let bench: LinkBench;
  beforeAll(async () => {
    bench = await LinkBench.up(await bedSettings(chosen, { floating: FLOATING, outsideOf }, newKey));
  });
  afterAll(async () => {
    await bench.down();
  });

  async function drilled(name: LinkCaseName) {
    const [result] = await runLinkDrill({ bench, timers, cases: [name], runs: RUNS });
    if (result === undefined) throw new Error(`${name} was not run`);
    const view = { colors: { red: String }, columns: 200 } as never;
    process.stdout.write(renderLinkDrill([result], view));
    return result;
  }

  // A time is printed, and decides nothing. What may not be lost, and a connection that may not break, do.
  it.each(CASES)('survives %s', async (name) => {
    const { faults, seen } = await calmly(
      () => drilled(name),
      (result) => result.faults.length === 0,
    );
    expect(faults).toEqual([]);
    expect(seen).toHaveLength(RUNS);
  });

  it('would stop TCP where messages that a packet is too big are lost, if gateways did not tell it what fits', async () => {
    const whole = await bench.speed(2);
    await bench.loseTooBig(true);
    await bench.clamp(false);
    const stopped = await bench.speed(2);
    await bench.clamp(true);
    const clamped = await bench.speed(2);
    await bench.loseTooBig(false);
    process.stdout.write(`Link: ${JSON.stringify({ whole, stopped, clamped })} megabits a second\n`);
    expect(stopped.sent).toBeLessThan(whole.sent / 10);
    expect(clamped.sent).toBeGreaterThan(10 * stopped.sent);
  });
});
