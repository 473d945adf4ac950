import type { DiscoveryCaseName } from './case-names.ts';
import type { LinkCase } from './link-case.ts';
import type { ConsulBench, LinkBench, TrafficRun } from './ports.ts';
import { allOff, consulLeaderDies, consulServerDies } from './predict.ts';

/** Seconds that something broken is looked at: longer than gossip takes to tell that a server is gone. */
const LOOK_SECONDS = 12;
/** How far apart gateways and servers of Consul get their power, in seconds. */
const APART_SECONDS = 5;

async function dies(bench: LinkBench, choose: (leader: number) => number) {
  const consul = consulOf(bench);
  const off = choose(await consul.leader('cloud'));
  const at = bench.now();
  await consul.powerOff('cloud', [off]);
  await bench.sleep(LOOK_SECONDS);
  return { at, repair: () => consul.powerOn('cloud', [off]) };
}

const services = { asks: 'services' } as const;
const server = { ...services, measure: 'writes', goal: 5 } as const;

/** A gateway dies, and nobody who asks for a service of the other side is left without an answer. */
const across = {
  ...services,
  measure: 'questions',
  goal: 0,
  predict: () => 0,
  act: async (bench: LinkBench) => {
    const at = bench.now();
    await bench.powerOff([1]);
    await bench.sleep(LOOK_SECONDS);
    return { at, repair: () => bench.powerOn([1]) };
  },
} as const;

/** Cases of a link that has discovery. */
export const DISCOVERY_CASES: Readonly<Record<DiscoveryCaseName, LinkCase>> = {
  'consul-server-down': {
    title: 'a server of Consul that follows loses its power',
    ...server,
    predict: consulServerDies,
    act: async (bench) => dies(bench, (leader) => (leader === 1 ? 2 : 1)),
  },
  'consul-leader-down': {
    title: 'the one that leads loses its power',
    ...server,
    predict: consulLeaderDies,
    act: async (bench) => dies(bench, (leader) => leader),
  },
  'consul-gateway-dies': {
    title: 'a gateway loses its power while services on AWS are asked for in the cloud',
    ...across,
  },
  'consul-gateway-dies-aws': {
    title: 'the same, while services in the cloud are asked for on AWS',
    ...across,
    from: 'vpc',
  },
  'consul-all-off-12': allDark('all of Consul and both gateways lose their power; the gateways are on first', 0, 1),
  'consul-all-off-21': allDark('Consul is on first', 1, 0),
  'consul-all-off-both': allDark('all at once', 0, 0),
};

/** Measured from the first power on until names, reads, writes and pings are all answered. The numbers: whose turn it is. */
function allDark(title: string, gateways: number, servers: number): LinkCase {
  return {
    ...services,
    title,
    measure: 'seconds',
    goal: 60,
    predict: () => allOff(gateways === servers ? 0 : APART_SECONDS),
    act: async (bench: LinkBench, traffic: TrafficRun) => {
      const consul = consulOf(bench);
      await Promise.all([bench.powerOff([1, 2]), consul.powerOff('cloud'), consul.powerOff('environment')]);
      await bench.sleep(2);
      const at = bench.now();
      const later = async (turn: number, start: () => Promise<void>) => {
        await bench.sleep(turn * APART_SECONDS);
        await start();
      };
      await Promise.all([
        later(gateways, async () => bench.powerOn([1, 2])),
        later(servers, async () => consul.powerOn('cloud')),
        later(servers, async () => consul.powerOn('environment')),
      ]);
      await bench.settled();
      const answered = await traffic.answeredAfter(at);
      return { at, value: (answered ?? bench.now()) - at };
    },
  };
}

function consulOf({ consul }: LinkBench): ConsulBench {
  if (consul === undefined) throw new RangeError('the link has no discovery');
  return consul;
}
