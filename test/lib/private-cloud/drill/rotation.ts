import { lostWrites } from '../../../../lib/private-cloud/drill/measure.ts';
import type { DrillTarget } from '../../../../lib/private-cloud/drill/target.ts';
import { tenths, underLoad } from '../../../../lib/private-cloud/drill/under-load.ts';

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
  const { run, say } = options;
  await target.restore();
  return await underLoad(target, run, async ({ end }) => {
    const holder = await target.holder();
    const clients = await options.startTls();
    await target.sleep(LEAD_SECONDS);
    const began = target.now();
    await options.rotate();
    const rotated = target.now();
    say(`Rotated after ${tenths(rotated - began)} s.`);
    await target.sleep(LEAD_SECONDS);
    const ended = target.now();
    const tls = await clients.stop();
    const { records, readBack } = await end();
    const during = records.filter(({ end }) => end >= began && end <= ended);
    const failed = during.filter(({ ok }) => !ok);
    return {
      ...{ seconds: tenths(rotated - began), holder, tls, requests: during.length, failed: failed.length },
      faults: [
        ...(tls.failed > 0
          ? [`${tls.failed} of ${tls.requests} requests with TLS failed: ${tls.faults.join('; ')}`]
          : []),
        ...(new Set(tls.met.map(([fingerprint]) => fingerprint)).size === 2
          ? []
          : [`clients met ${tls.met.length} certificates, not the old and the new one`]),
        ...failed.map(({ probe, detail }) => `${probe} failed: ${detail}`),
        ...lostWrites(readBack),
      ],
    };
  });
}
