import { z } from 'zod';
import { jsonIn } from '../../text/json.ts';
import { gatewayNotReady } from '../errors.ts';
import { type Ike, ikesIn } from './sas.ts';

/** What the prober of a gateway wrote: `lib/components/link-gateway/program`. */
const stateSchema = z.object({
  written: z.number(),
  vrrp: z.string(),
  well: z.boolean(),
  drained: z.boolean(),
  halves: z.boolean(),
  tunnels: z.array(
    z.object({
      ...{ index: z.number(), far: z.string(), outside: z.string(), state: z.string(), reason: z.string() },
      ...{ since: z.number(), bgp: z.string(), lost: z.number(), probes: z.number(), answers: z.array(z.string()) },
      roundTripMs: z.number().nullable(),
    }),
  ),
});

const bgpSchema = z.object({
  routes: z.record(z.string(), z.array(z.object({ peerId: z.string(), bestpath: z.boolean().default(false) }))),
});

const replySchema = z.object({
  now: z.number(),
  ...{ state: z.string(), sas: z.string(), bgp: z.string() },
  largest: z.record(z.string(), z.number().nullable()),
});

/** A route that AWS told through a tunnel, and whether the gateway uses this way. */
export interface LearnedRoute {
  readonly prefix: string;
  readonly isUsed: boolean;
}

/** A tunnel as its gateway sees it. */
export interface GatewayTunnel {
  readonly index: number;
  /** `good`, `bad`, `closed`, `down`, `starting`. */
  readonly state: string;
  readonly reason: string;
  /** Since when it is so; seconds since 1970, by the gateway's clock. */
  readonly since: number;
  /** Address of AWS's end point, as the gateway was told. */
  readonly outside: string;
  readonly bgp: string;
  readonly routes: readonly LearnedRoute[];
  /** Of the last probes, of the kind that loses most. */
  readonly lost: number;
  readonly probes: number;
  /** Kinds of probes that ever came back: `echo`, `name`. */
  readonly answers: readonly string[];
  readonly roundTripMs: number | null;
  /** Largest packet that passes, in bytes; null where none came back. */
  readonly mtu: number | null;
  readonly ike: Ike | null;
}

/** What a gateway says. */
export interface GatewayReply {
  /** Whether it has the shared address: `MASTER`, `BACKUP`. */
  readonly vrrp: string;
  readonly isWell: boolean;
  readonly isDrained: boolean;
  /** Whether it tells AWS of the halves of each range, because another path is dead. */
  readonly tellsHalves: boolean;
  /** Seconds since its prober wrote last. */
  readonly age: number;
  readonly tunnels: readonly GatewayTunnel[];
}

/** Reads the answer to `QUESTION`. Pure. @throws TandemError `link-gateway-not-ready` */
export function readReply(gateway: string, text: string): GatewayReply {
  const reply = replySchema.safeParse(jsonIn(text)).data;
  if (reply === undefined) throw gatewayNotReady(gateway, `it says ${text.slice(0, 80) || 'nothing'}`);
  const state = stateSchema.safeParse(jsonIn(reply.state)).data;
  if (state === undefined) throw gatewayNotReady(gateway, 'its prober has written nothing');
  const ikes = ikesIn(reply.sas);
  const routes = Object.entries(bgpSchema.safeParse(jsonIn(reply.bgp)).data?.routes ?? {});
  return {
    ...{ vrrp: state.vrrp, isWell: state.well, isDrained: state.drained, tellsHalves: state.halves },
    age: reply.now - state.written,
    tunnels: state.tunnels.map(({ far, ...tunnel }) => ({
      ...tunnel,
      mtu: reply.largest[tunnel.index] ?? null,
      ike: ikes.get(tunnel.index) ?? null,
      routes: routes.flatMap(([prefix, paths]) =>
        paths.flatMap(({ peerId, bestpath }) => (peerId === far ? [{ prefix, isUsed: bestpath }] : [])),
      ),
    })),
  };
}
