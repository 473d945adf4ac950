import { AwsError } from './aws-error.ts';
import type { VirtualClock } from './clock.ts';

/** A bucket of tokens that calls draw from; empty, it refuses. */
export interface Throttle {
  /** `autoscaling:*` for all calls of a service together, `autoscaling:SetInstanceProtection` for one. */
  readonly call: string;
  readonly bucket: number;
  readonly refillPerSecond: number;
  /** Services differ in what they call it. @default 'Throttling' */
  readonly code?: string;
}

/** Buckets of all accounts and Regions. None by default: the published numbers come in with the fleet's behaviour. */
export class Throttles {
  readonly #clock: VirtualClock;
  readonly #limits: readonly Throttle[];
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: VirtualClock, limits: readonly Throttle[]) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Takes a token from each bucket that this call draws on; throws if one has none. */
  draw(owner: string, service: string, call: string): void {
    for (const limit of this.#limits) {
      if (limit.call !== `${service}:*` && limit.call !== `${service}:${call}`) continue;
      const bucket = this.#refilled(`${owner}/${limit.call}`, limit);
      if (bucket.tokens < 1) throw new AwsError(limit.code ?? 'Throttling', 'Rate exceeded', 400);
      bucket.tokens -= 1;
    }
  }

  #refilled(key: string, limit: Throttle): { tokens: number; at: number } {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.bucket, at: now };
    bucket.tokens = Math.min(limit.bucket, bucket.tokens + ((now - bucket.at) / 1000) * limit.refillPerSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
