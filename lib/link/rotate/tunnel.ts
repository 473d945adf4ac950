import { hash } from 'node:crypto';
import type { VpnTunnel } from '../../aws-api/vpn-tunnels.ts';
import { LINK_KEYS_PATH, LINK_PROGRAM_PATH } from '../../components/link-gateway/program.ts';
import type { Tunnel } from '../../config/link/tunnels.ts';
import type { RunningOperation } from '../../deploy/ports.ts';
import { linkKey } from '../../secrets/link-key.ts';
import type { SecretRef } from '../../secrets/secret.ts';
import type { LinkAndSides } from '../choose.ts';
import { othersNotWell, rotationStuck } from '../errors.ts';
import { type Gateway, gatewayName } from '../gateways.ts';
import { askLinkStatus } from '../status/ask.ts';
import type { LinkStatus } from '../status/report.ts';
import { UNREACHED, unreached } from '../unreached.ts';
import type { RotatePorts } from './ports.ts';

/** Between two questions. */
const PAUSE_SECONDS = 5;
/** AWS takes some minutes for a tunnel. */
const AWS_TRIES = 360;
/** Nova's metadata is cached for 15 s, and a gateway's run takes less than a minute. */
const GATEWAY_TRIES = 60;
/** What AWS says of a tunnel may be some minutes old. */
const WELL_TRIES = 120;

/** Gives one tunnel a new key: see `rotateKeys`. */
export async function rotateTunnel(
  ports: RotatePorts,
  chosen: LinkAndSides,
  tunnel: Tunnel,
  operation: RunningOperation,
  signal: AbortSignal,
): Promise<void> {
  const { store } = ports;
  const own: SecretRef = `secret:${tunnel.keyName}`;
  // There until the tunnel carries with it: whoever goes on gives everybody the same key.
  const pending: SecretRef = `${own}-next`;
  const world = worldOf(ports, chosen, tunnel, signal);
  const done = new Set(operation.resumed?.done);
  const keyOf = (name: string): string => `tunnel ${tunnel.id}: ${name}`;
  const act = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    signal.throwIfAborted();
    await operation.step(keyOf(name), work);
    ports.onStep(keyOf(name));
  };
  if (done.has(keyOf('finished'))) return;
  if (!done.has(keyOf('carries again'))) {
    const isBegun = (await store.list()).includes(pending);
    // What one who was interrupted asked of AWS may be under way.
    await world.othersCarry(isBegun ? AWS_TRIES : 1);
    await act('new key', () => linkKey(store, pending));
    // Each time: a gateway that restarted meanwhile has forgotten it.
    await act('drained', () => world.gateway('close'));
    if (!isBegun || !done.has(keyOf('AWS has the new key')))
      await act('AWS has the new key', async () => {
        const live = await world.settled();
        await store.use(pending, (key) => changeOrReopen(ports, live, key, () => world.gateway('reopen')));
        await world.settled();
      });
    await act('the new key is the current one', () =>
      store.use(pending, async (key) => {
        await store.put(own, key);
        await ports.publish(tunnel.keyName, key);
      }),
    );
    await act('the gateway has the new key', async () => {
      const digest = await store.use(pending, (key) => Promise.resolve(hash('sha256', key.unwrap())));
      await world.gatewayTakes(own, digest);
    });
    await act('carries again', async () => {
      await world.gateway('reopen');
      await world.isWell();
    });
  }
  await act('finished', () => store.remove(pending));
}

/** Where AWS refuses, the tunnel is as it was, and may carry; it is what the refusal says that people need. */
async function changeOrReopen(
  ports: RotatePorts,
  live: VpnTunnel,
  key: Parameters<RotatePorts['changeKey']>[1],
  reopen: () => Promise<void>,
): Promise<void> {
  try {
    await ports.changeKey(live, key);
  } catch (error) {
    await reopen().catch(() => undefined);
    throw error;
  }
}

function worldOf(ports: RotatePorts, chosen: LinkAndSides, tunnel: Tunnel, signal: AbortSignal) {
  const { shell } = ports;
  const gateway = tunnel.gateway as Gateway;
  const name = gatewayName(chosen, gateway);
  const subject = `tunnel ${tunnel.id}`;

  /** What the first answer says that is not undefined; otherwise undefined, after so many. */
  const within = async <T>(tries: number, ask: () => Promise<T | undefined>): Promise<T | undefined> => {
    for (let tried = 1; ; tried += 1) {
      const found = await ask();
      if (found !== undefined || tried === tries) return found;
      await ports.sleep(PAUSE_SECONDS, signal);
    }
  };
  const stuck = (why: string) => rotationStuck(chosen.link.name, tunnel.id, why);
  /** What is wrong still after so many looks; nothing, where all is well. */
  const faultsAfter = async (tries: number, counts: (fault: string) => boolean): Promise<readonly string[]> => {
    let why: readonly string[] = [];
    await within(tries, async () => {
      why = faultsIn(await askLinkStatus(ports, chosen)).filter(counts);
      return why.length === 0 ? true : undefined;
    });
    return why;
  };

  return {
    /** @param tries - How often they are asked @throws TandemError `link-not-well` */
    async othersCarry(tries: number): Promise<void> {
      const why = await faultsAfter(tries, (each) => !each.startsWith(`${subject}:`));
      if (why.length > 0) throw othersNotWell(chosen.link.name, tunnel.id, why);
    },
    async gateway(verb: 'close' | 'reopen'): Promise<void> {
      const { code, stderr } = await shell.run(gateway, [LINK_PROGRAM_PATH, verb, String(tunnel.index)]);
      if (code === UNREACHED) throw unreached(chosen, gateway, stderr);
      const said = stderr.trim().split('\n').at(-1) ?? '';
      if (code !== 0) throw stuck(`\`${verb}\` on ${name} ended with ${code}: ${said}`);
    },
    /** The tunnel at AWS, once no change of its connection is under way. */
    async settled(): Promise<VpnTunnel> {
      const found = await within(AWS_TRIES, async () =>
        (await ports.tunnels()).find(
          ({ inside, connectionState }) => inside === tunnel.inside && connectionState === 'available',
        ),
      );
      if (found === undefined) throw stuck('AWS has no such tunnel, or did not end a change of its connection');
      return found;
    },
    /** @param digest - SHA-256 of the key */
    async gatewayTakes(own: SecretRef, digest: string): Promise<void> {
      const has = async (): Promise<boolean> =>
        (await shell.run(gateway, ['cat', LINK_KEYS_PATH])).stdout.includes(`"${tunnel.index}": "${digest}"`);
      if (await has()) return;
      if (!(await ports.offer(new Set([own]))).includes(name)) throw stuck(`${name} cannot be told of it now`);
      const found = await within(GATEWAY_TRIES, async () => {
        // Whether it did shows below; its own timer brings it too, only later.
        await shell.run(gateway, ['systemctl', 'start', 'tandem-bring-up.service']);
        return (await has()) ? true : undefined;
      });
      if (found === undefined) throw stuck(`${name} did not take it`);
    },
    async isWell(): Promise<void> {
      const why = await faultsAfter(WELL_TRIES, () => true);
      if (why.length > 0) throw stuck(`the link is not well (${why.join('; ')})`);
    },
  };
}

/** What is wrong, and who did not answer, in words. Pure. */
function faultsIn({ problems, unasked }: LinkStatus): readonly string[] {
  return [
    ...problems.map(({ subject, text }) => `${subject}: ${text}`),
    ...unasked.map(({ what, why }) => `${what} does not answer: ${why}`),
  ];
}
