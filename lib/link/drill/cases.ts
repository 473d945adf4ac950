import type { LinkCaseName } from './case-names.ts';
import { DISCOVERY_CASES } from './discovery-cases.ts';
import type { Acted, LinkCase } from './link-case.ts';
import type { LinkBench } from './ports.ts';
import { bothOff, gatewayBlind, gatewayDies, tunnelDead, tunnelLoses } from './predict.ts';

/** Seconds that something broken is looked at: longer than any timer here but AWS's own of 30 s. */
const LOOK_SECONDS = 8;
/** Share of packets that a bad link loses each way. */
const LOSS_PERCENT = 30;

async function broken(
  bench: LinkBench,
  act: () => Promise<void>,
  { seconds = LOOK_SECONDS, ...rest }: { readonly seconds?: number } & Pick<Acted, 'repair'> = {},
): Promise<Acted> {
  const at = bench.now();
  await act();
  await bench.sleep(seconds);
  return { at, ...rest };
}

/** The tunnel that traffic goes out by: what is broken has to be in use. */
async function inUse(bench: LinkBench): Promise<string> {
  return (await bench.used()).out ?? '11';
}

const nothing = { measure: 'lost', goal: 0, predict: () => 0 } as const;

async function freezeOneInUse(bench: LinkBench): Promise<Acted> {
  const end = await inUse(bench);
  return await broken(bench, async () => bench.freezeEnd(end), { repair: async () => replaced(bench, end) });
}

async function replaced(bench: LinkBench, end: string): Promise<void> {
  await bench.replaceEnd(end);
  await bench.endIsBack(end);
}

async function stopForwarder(bench: LinkBench): Promise<Acted> {
  return await broken(bench, async () => bench.forwarder(1, 'stop'), {
    repair: async () => bench.forwarder(1, 'start'),
  });
}

/** What each is. Names are part of the command line and of documents. */
export const LINK_CASES: Readonly<Record<LinkCaseName, LinkCase>> = {
  'gateway-dies': {
    title: 'the first gateway loses its power',
    measure: 'seconds',
    goal: 2,
    predict: gatewayDies,
    act: async (bench) => broken(bench, async () => bench.powerOff([1]), { repair: async () => bench.powerOn([1]) }),
  },
  'gateway-returns': {
    title: 'it comes back',
    ...nothing,
    before: async (bench) => bench.powerOff([1]),
    act: async (bench) => broken(bench, async () => repaired(bench, async () => bench.powerOn([1])), { seconds: 2 }),
  },
  'end-dies': {
    title: 'an end point of AWS stops answering',
    measure: 'seconds',
    goal: undefined,
    predict: (timers) => tunnelDead({ ...timers, bfd: false }),
    act: freezeOneInUse,
  },
  'end-dies-bfd': {
    title: 'the same where AWS’s side would speak BFD',
    measure: 'seconds',
    goal: 2,
    predict: (timers) => tunnelDead({ ...timers, bfd: true }),
    before: async (bench) => bench.speakBfd(true),
    act: freezeOneInUse,
    after: async (bench) => bench.speakBfd(false),
  },
  'far-side-dead': {
    title: 'both tunnels of the first gateway are up and pass nothing',
    measure: 'seconds',
    goal: 5,
    predict: gatewayBlind,
    act: async (bench) =>
      broken(bench, async () => bench.lose(['11', '12'], 100), { repair: async () => bench.loseNothing() }),
  },
  'end-forwards-nothing': {
    title: 'both end points of the first gateway answer, and pass nothing on',
    measure: 'seconds',
    goal: 5,
    predict: gatewayBlind,
    needsNames: 'environment',
    act: async (bench) =>
      broken(bench, async () => bench.stopForwarding(['11', '12']), { repair: async () => bench.loseNothing() }),
  },
  'tunnel-passes-nothing': {
    title: 'one tunnel is up and passes nothing',
    measure: 'seconds',
    goal: 5,
    predict: tunnelDead,
    act: async (bench) => {
      const end = await inUse(bench);
      return broken(bench, async () => bench.lose([end], 100), { repair: async () => bench.loseNothing() });
    },
  },
  'tunnel-loses': {
    title: `one tunnel loses ${LOSS_PERCENT} % each way`,
    measure: 'seconds',
    // Chance decides: probes have to be lost before anybody knows.
    goal: undefined,
    predict: (timers) => tunnelLoses(timers, LOSS_PERCENT / 100),
    act: async (bench) => {
      const end = await inUse(bench);
      const options = { seconds: 2 * LOOK_SECONDS, repair: async () => bench.loseNothing() };
      return broken(bench, async () => bench.lose([end], LOSS_PERCENT), options);
    },
  },
  drain: {
    title: 'the first gateway is drained, and taken back',
    ...nothing,
    act: async (bench) =>
      broken(bench, async () => {
        await bench.drain(1);
        await repaired(bench, async () => bench.resume(1));
      }),
  },
  rotate: {
    title: 'a tunnel gets another key',
    ...nothing,
    act: async (bench) => {
      const end = await inUse(bench);
      return broken(bench, async () => repaired(bench, async () => bench.rotate(end, newKey())), { seconds: 2 });
    },
  },
  upgrade: {
    title: 'both gateways, then AWS’s end points, are replaced one after another',
    ...nothing,
    act: async (bench) =>
      broken(
        bench,
        async () => {
          for (const gateway of [1, 2])
            await repaired(bench, async () => {
              await bench.drain(gateway);
              await bench.powerOff([gateway]);
              await bench.powerOn([gateway]);
            });
          for (const end of ['11', '12', '21', '22'])
            await repaired(bench, async () => {
              await bench.steerAway(end);
              await bench.sleep(3);
              await replaced(bench, end);
              await bench.steerBack(end);
            });
        },
        { seconds: 2 },
      ),
  },
  'too-big': {
    title: 'messages that a packet is too big are lost',
    measure: 'speed',
    goal: 0.5,
    predict: () => 1,
    act: async (bench) => {
      const whole = await bench.speed(3);
      const at = bench.now();
      await bench.loseTooBig(true);
      const less = await bench.speed(3);
      const value = Math.min(less.sent / whole.sent, less.received / whole.received);
      return { at, value, repair: () => bench.loseTooBig(false) };
    },
  },
  'forwarder-down': {
    title: 'a DNS forwarder stops',
    measure: 'questions',
    needsNames: 'environment',
    goal: 0,
    predict: () => 0,
    act: stopForwarder,
  },
  'forwarder-down-aws': {
    title: 'the same, seen from the VPC',
    measure: 'questions',
    needsNames: 'cloud',
    goal: 0,
    predict: () => 0,
    from: 'vpc',
    act: stopForwarder,
  },
  'both-off-12': dark('both gateways lose their power; the first one is on first', [[1], [2]]),
  'both-off-21': dark('the second one is on first', [[2], [1]]),
  'both-off-both': dark('both at once', [[1, 2]]),
  ...DISCOVERY_CASES,
};

/** How far apart gateways get their power, in seconds. */
const APART_SECONDS = 5;

/** Measured from the first one's power on. */
function dark(title: string, order: readonly (readonly number[])[]): LinkCase {
  return {
    title,
    measure: 'seconds',
    goal: 60,
    predict: bothOff,
    act: async (bench, traffic) => {
      await bench.powerOff([1, 2]);
      await bench.sleep(2);
      const at = bench.now();
      const started = order.map(async (gateways, turn) => {
        await bench.sleep(turn * APART_SECONDS);
        await bench.powerOn(gateways);
      });
      await Promise.all(started);
      await bench.settled();
      const answered = await traffic.answeredAfter(at);
      return { at, value: (answered ?? bench.now()) - at };
    },
  };
}

async function repaired(bench: LinkBench, act: () => Promise<void>): Promise<void> {
  await act();
  await bench.settled();
}

/** 48 letters and digits that do not begin with 0, as AWS takes them. */
export function newKey(): string {
  return `k${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll('-', '').slice(0, 48);
}
