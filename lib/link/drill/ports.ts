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
}

export interface TrafficRun {
  /** When the first ping after a time was sent that came back; undefined while there is none. */
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
  readonly traffic: (from?: 'tenant' | 'vpc') => Promise<TrafficRun>;
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
