import { probesOf } from './drills.ts';
import type { DrillTarget } from './target.ts';
import { notYet, waitFor } from './wait.ts';

/** What clients with TLS saw. */
export interface TlsSeen {
  readonly requests: number;
  readonly failed: number;
  /** Sent again on a new connection, since the server had closed one that was idle. */
  readonly repeated: number;
  readonly faults: readonly string[];
  /** Certificates by their SHA-256, in the order in which they were met, each with its number of requests. */
  readonly met: readonly (readonly [fingerprint: string, requests: number])[];
}

export interface RotationDrillOptions {
  readonly run: string;
  /** Starts clients with TLS at the balancers' address. */
  readonly startTls: () => Promise<{ stop(): Promise<TlsSeen> }>;
  readonly rotate: () => Promise<void>;
  readonly say: (what: string) => void;
  /** @default 420 */
  readonly patienceSeconds?: number;
}

export interface RotationOutcome {
  readonly seconds: number;
  readonly holder: string | undefined;
  readonly tls: TlsSeen;
  /** Requests without TLS, through the same balancers. */
  readonly requests: number;
  readonly failed: number;
  /** What must not be; none where all is well. */
  readonly faults: readonly string[];
}

/** Before and after, under load: what a change does to connections shows late. */
const LEAD_SECONDS = 5;

/** A certificate is rotated on every balancer under load: no request may fail, and clients must meet the new one. */
export async function playRotation(target: DrillTarget, options: RotationDrillOptions): Promise<RotationOutcome> {
  const { run, say, patienceSeconds: patience = 420 } = options;
  await target.restore();
  await waitFor(target, 'a healthy cloud', patience, async () => await target.fault());
  const probes = probesOf(target.hosts.map(({ name }) => name));
  const client = await target.startClient(run);
  let isStopped = false;
  try {
    await waitFor(target, 'a first success of each request', patience, () => notYet(client, probes, 0));
    const holder = await target.holder();
    const clients = await options.startTls();
    await target.sleep(LEAD_SECONDS);
    const began = target.now();
    await options.rotate();
    const rotated = target.now();
    say(`Rotated after ${round(rotated - began)} s.`);
    await target.sleep(LEAD_SECONDS);
    const ended = target.now();
    const tls = await clients.stop();
    isStopped = true;
    const readBack = await client.stop();
    const during = (await client.records()).filter(({ end }) => end >= began && end <= ended);
    const failed = during.filter(({ ok }) => !ok);
    const lost = Object.entries(readBack).filter(([, read]) => read.lost > 0);
    return {
      ...{ seconds: round(rotated - began), holder, tls, requests: during.length, failed: failed.length },
      faults: [
        ...(tls.failed > 0
          ? [`${tls.failed} of ${tls.requests} requests with TLS failed: ${tls.faults.join('; ')}`]
          : []),
        ...(new Set(tls.met.map(([fingerprint]) => fingerprint)).size === 2
          ? []
          : [`clients met ${tls.met.length} certificates, not the old and the new one`]),
        ...failed.map(({ probe, detail }) => `${probe} failed: ${detail}`),
        ...lost.map(([probe, read]) => `${probe}: ${read.lost} of ${read.acknowledged} acknowledged writes are lost`),
      ],
    };
  } finally {
    if (!isStopped) await client.stop().catch(() => undefined);
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
