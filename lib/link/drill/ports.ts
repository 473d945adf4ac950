/** A request of a client, by the clock in seconds. */
export interface Sent {
  readonly at: number;
  readonly ok: boolean;
}

/** What a client sent through the link, and what became of it. */
export interface Traffic {
  /** One every 50 ms. */
  readonly pings: readonly Sent[];
  /** DNS questions, each to two forwarders in turn; none where the link forwards no names. */
  readonly questions: readonly Sent[];
  /** One TCP connection: numbers that were sent and came back, and why it ended early, if it did. */
  readonly session: { readonly sent: number; readonly back: number; readonly failure: string | undefined };
  /** Where services are asked for: what Consul's servers of a side acknowledged, one write after another, a list for each side. */
  readonly writes: readonly (readonly Sent[])[];
  /** And instances that were asked of them, one every 100 ms from each side. */
  readonly reads: readonly Sent[];
  /** How many acknowledged writes a server does not have, when all of them are there again. */
  readonly missing: () => Promise<number>;
}

/** Of a link: its cloud, and its environment on AWS. */
export type Side = 'cloud' | 'environment';

/** Servers of Consul on both sides. Numbers are from 1; none: all of a side. */
export interface ConsulBench {
  readonly leader: (side: Side) => Promise<number>;
  readonly powerOff: (side: Side, servers?: readonly number[]) => Promise<void>;
  readonly powerOn: (side: Side, servers?: readonly number[]) => Promise<void>;
}

export interface TrafficRun {
  /** When all that is sent after a time was answered once, in seconds of the clock; undefined while something was not. */
  readonly answeredAfter: (since: number) => Promise<number | undefined>;
  readonly end: () => Promise<Traffic>;
}

/** A link that may be broken. Gateways are 1 and 2; `11` is the first tunnel of gateway 1. `lab/link/bench.ts` is the one there is. */
export interface LinkBench {
  readonly now: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Resolves when all is as on any day. */
  readonly settled: () => Promise<void>;
  /** What gateways remember of earlier failures is gone: no case depends on those before it. */
  readonly forget: () => Promise<void>;
  /** @param asks for names of the other side's zone, or of its services, and uses Consul then. @default 'hosts' */
  readonly traffic: (from?: 'tenant' | 'vpc', asks?: 'hosts' | 'services') => Promise<TrafficRun>;
  /** undefined where the link has no discovery. */
  readonly consul: ConsulBench | undefined;
  readonly used: () => Promise<{ readonly in: string | undefined; readonly out: string | undefined }>;
  readonly powerOff: (gateways: readonly number[]) => Promise<void>;
  readonly powerOn: (gateways: readonly number[]) => Promise<void>;
  readonly freezeEnd: (end: string) => Promise<void>;
  readonly replaceEnd: (end: string) => Promise<void>;
  /** Resolves when a replaced end point is used again. */
  readonly endIsBack: (end: string) => Promise<void>;
  readonly lose: (ends: readonly string[], percent: number) => Promise<void>;
  readonly stopForwarding: (ends: readonly string[]) => Promise<void>;
  readonly loseNothing: () => Promise<void>;
  readonly loseTooBig: (lost: boolean) => Promise<void>;
  readonly speed: (seconds: number) => Promise<{ readonly sent: number; readonly received: number }>;
  readonly drain: (gateway: number) => Promise<void>;
  readonly resume: (gateway: number) => Promise<void>;
  readonly steerAway: (end: string) => Promise<void>;
  readonly steerBack: (end: string) => Promise<void>;
  readonly rotate: (end: string, key: string) => Promise<void>;
  readonly forwarder: (gateway: number, state: 'start' | 'stop') => Promise<void>;
  readonly speakBfd: (on: boolean) => Promise<void>;
}
