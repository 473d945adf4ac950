import { z } from 'zod';
import type { Outputs } from '../../engines/engine.ts';
import type { DevPorts } from '../ports.ts';
import { type DevEnvironment, requireEnvironment, requireValid } from '../workspace.ts';
import { noSuchServer } from './errors.ts';
import type { LoginServer } from './ssh-config.ts';

const servers = z.record(
  z.string(),
  z.object({ id: z.string(), tier: z.string(), address: z.string(), floating_address: z.string().optional() }),
);
const way = z.object({ address: z.string() });

/** The servers of an environment that is there. */
export interface KnownServers {
  readonly environment: DevEnvironment;
  /** Sorted by tier, as the blueprint has them, and index. */
  readonly servers: readonly LoginServer[];
  /** The one that SSH comes in through; undefined where the blueprint lets nobody in. */
  readonly entry: LoginServer | undefined;
}

export async function serversOf(ports: DevPorts, name: string): Promise<KnownServers> {
  const project = requireValid(name, ports.files, ports.clock.now());
  const environment = requireEnvironment(project, name);
  const outputs = await ports.deployer.outputs(project, environment.stack);
  return { environment, ...serversIn(outputs, environment) };
}

/** Pure. */
function serversIn(
  outputs: Outputs,
  { blueprint, cloud }: Pick<DevEnvironment, 'blueprint' | 'cloud'>,
): Pick<KnownServers, 'servers' | 'entry'> {
  const found = servers.safeParse(outputs['servers']?.value).data ?? {};
  const order = Object.keys(blueprint.value.tiers);
  const userOf = (tier: string): string | undefined => {
    const image = blueprint.value.tiers[tier]?.image;
    return image === undefined ? undefined : cloud.value.images[image]?.user;
  };
  const all = Object.entries(found)
    .map(([name, { id, tier, address }]) => ({ name, id, tier, address, user: userOf(tier) }))
    .sort((a, b) => order.indexOf(a.tier) - order.indexOf(b.tier) || indexOf(a.name) - indexOf(b.name));
  const outside = way.safeParse(outputs['ssh']?.value).data?.address;
  const first = all.find(({ tier }) => tier === blueprint.value.ssh?.tier);
  if (first === undefined || outside === undefined) return { servers: all, entry: undefined };
  const entry = { ...first, address: outside };
  return { servers: all.map((each) => (each === first ? entry : each)), entry };
}

/** By its name, `alice-web-1`, or without the environment's, `web-1`; a tier alone means its first. @throws TandemError `no-such-server` */
export function findServer({ environment: { name }, servers: all }: KnownServers, server: string): LoginServer {
  const found =
    all.find((each) => each.name === server || each.name === `${name}-${server}`) ??
    all.find(({ tier }) => tier === server);
  if (found !== undefined) return found;
  throw noSuchServer(
    server,
    name,
    all.map((each) => each.name.slice(name.length + 1)),
  );
}

function indexOf(name: string): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
}
