import { createHash } from 'node:crypto';
import type { World } from '../world.ts';
import { Line } from './line.ts';
import { TimeHeap } from './time-heap.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly attributesMd5: string | undefined;
  readonly sent: number;
  readonly sender: string;
  receives: number;
  firstReceived: number | undefined;
  /** By the latest receipt: it can't stay hidden for more than 12 hours from then. */
  lastReceived: number | undefined;
  /** Of the latest receipt; only that one counts. */
  receipt: string | undefined;
  /** When it can be received again. */
  visibleAt: number;
  /** Delayed ones were never received; in flight are those that were. */
  state: 'ready' | 'delayed' | 'in-flight' | 'deleted';
}

const ACTIVE_MS = 6 * 3600 * 1000;

/** A queue's settings, by the names of its attributes. */
export type QueueAttributes = Readonly<Record<string, string>>;

const DEFAULTS: QueueAttributes = {
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
};

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly created: number;
  attributes: QueueAttributes;
  modified: number;
  tags: Readonly<Record<string, string>> = {};
  readonly #world: World;
  readonly #ready = new Line<Message>();
  #readyCount = 0;
  readonly #waiting = new TimeHeap<Message>();
  readonly #receipts = new Map<string, Message>();
  readonly #wakers = new Set<() => void>();
  #inFlight = 0;
  #delayed = 0;
  #moved = { sent: 0, received: 0, deleted: 0, empty: 0 };
  #activeUntil = 0;
  purgedAt: number | undefined;

  constructor(world: World, names: { name: string; arn: string; url: string }, attributes: QueueAttributes) {
    this.#world = world;
    this.name = names.name;
    this.arn = names.arn;
    this.url = names.url;
    this.created = world.clock.now();
    this.modified = this.created;
    this.attributes = { ...DEFAULTS, ...attributes };
  }

  /** Sets these, and everything else back to its default. */
  replaceAttributes(attributes: QueueAttributes): void {
    const { Policy: policy } = this.attributes;
    this.attributes = { ...DEFAULTS, ...(policy !== undefined && { Policy: policy }), ...attributes };
    this.modified = this.#world.clock.now();
  }

  seconds(name: string): number {
    return Number(this.attributes[name] ?? 0);
  }

  redrive(): Redrive | undefined {
    const policy = this.attributes['RedrivePolicy'];
    if (policy === undefined || policy === '') return undefined;
    const parsed = JSON.parse(policy) as { deadLetterTargetArn: string; maxReceiveCount: number | string };
    return { deadLetterTargetArn: parsed.deadLetterTargetArn, maxReceiveCount: Number(parsed.maxReceiveCount) };
  }

  /** Numbers that GetQueueAttributes calls approximate; here they are exact. */
  counts(): { ready: number; inFlight: number; delayed: number } {
    this.#settle();
    return { ready: this.#readyCount, inFlight: this.#inFlight, delayed: this.#delayed };
  }

  send(
    message: Omit<Message, 'receives' | 'firstReceived' | 'lastReceived' | 'receipt' | 'visibleAt' | 'state'>,
    delaySeconds: number,
  ): void {
    const visibleAt = this.#world.clock.now() + delaySeconds * 1000;
    const fresh: Message = {
      ...{ ...message, receives: 0, firstReceived: undefined, lastReceived: undefined, receipt: undefined, visibleAt },
      state: delaySeconds > 0 ? 'delayed' : 'ready',
    };
    this.#moved.sent += 1;
    this.#enter(fresh);
  }

  /** Takes a message over from another queue, as redriving does: same id, same age. */
  adopt(message: Message): void {
    this.#enter({ ...message, receipt: undefined, state: 'ready' });
  }

  #enter(message: Message): void {
    if (message.state === 'ready') {
      this.#show(message);
      this.wake();
      return;
    }
    this.#delayed += 1;
    this.#waiting.push(message.visibleAt, message);
  }

  /** Up to so many messages; those received too often go to `bury` instead. */
  receive(most: number, visibilitySeconds: number, bury: (message: Message, redrive: Redrive) => boolean): Message[] {
    this.#settle();
    const now = this.#world.clock.now();
    const redrive = this.redrive();
    const taken: Message[] = [];
    while (taken.length < most) {
      const message = this.#ready.shift();
      if (message === undefined) break;
      if (message.state !== 'ready') continue;
      this.#readyCount -= 1;
      if (message.sent + this.seconds('MessageRetentionPeriod') * 1000 <= now) continue;
      if (redrive !== undefined && message.receives >= redrive.maxReceiveCount && bury(message, redrive)) {
        if (message.receipt !== undefined) this.#receipts.delete(message.receipt);
        message.state = 'deleted';
        continue;
      }
      if (message.receipt !== undefined) this.#receipts.delete(message.receipt);
      message.receives += 1;
      message.firstReceived ??= now;
      message.lastReceived = now;
      message.receipt = Buffer.from(
        `${this.name} ${message.id} ${message.receives} ${this.#world.ids.hex(16)}`,
      ).toString('base64');
      this.#receipts.set(message.receipt, message);
      this.#hide(message, now + visibilitySeconds * 1000);
      taken.push(message);
    }
    this.#moved.received += taken.length;
    if (taken.length === 0) this.#moved.empty += 1;
    return taken;
  }

  /** The message in flight or ready again that this receipt is the latest of. */
  held(receipt: string): Message | undefined {
    this.#settle();
    return this.#receipts.get(receipt);
  }

  delete(message: Message): void {
    if (message.state === 'in-flight') this.#inFlight -= 1;
    // It stays in line, and is passed over when its turn comes.
    if (message.state === 'ready') this.#readyCount -= 1;
    message.state = 'deleted';
    this.#moved.deleted += 1;
    if (message.receipt !== undefined) this.#receipts.delete(message.receipt);
  }

  changeVisibility(message: Message, seconds: number): void {
    this.#inFlight -= 1;
    this.#hide(message, this.#world.clock.now() + seconds * 1000);
    this.#settle();
  }

  purge(): void {
    this.#ready.clear();
    this.#readyCount = 0;
    this.#receipts.clear();
    this.#waiting.clear();
    this.#inFlight = 0;
    this.#delayed = 0;
    this.purgedAt = this.#world.clock.now();
  }

  /** Whether it held or moved a message within six hours: SQS publishes nothing of others. */
  isActive(): boolean {
    const now = this.#world.clock.now();
    const { ready, inFlight, delayed } = this.counts();
    const moved = Object.values(this.#moved).some((count) => count > 0);
    if (moved || ready + inFlight + delayed > 0) this.#activeUntil = now + ACTIVE_MS;
    return now < this.#activeUntil;
  }

  /** How many messages moved since this was last asked. */
  takeMoved(): { readonly sent: number; readonly received: number; readonly deleted: number; readonly empty: number } {
    const moved = this.#moved;
    this.#moved = { sent: 0, received: 0, deleted: 0, empty: 0 };
    return moved;
  }

  oldestAgeSeconds(): number {
    const oldest = Math.min(this.#ready.reduce(oldestSent, Infinity), this.#waiting.reduce(oldestSent, Infinity));
    return oldest === Infinity ? 0 : Math.floor((this.#world.clock.now() - oldest) / 1000);
  }

  /** When the next hidden message shows, in milliseconds from now. */
  untilNext(): number {
    const at = this.#waiting.nextTime();
    return at === undefined ? Infinity : Math.max(0, at - this.#world.clock.now());
  }

  /** Ends when something may have become visible, or the wait is over. */
  async changed(milliseconds: number, hangUp: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    this.#wakers.add(wake);
    hangUp.addEventListener('abort', wake, { once: true });
    await Promise.race([woken, this.#world.clock.sleep(milliseconds)]);
    hangUp.removeEventListener('abort', wake);
    this.#wakers.delete(wake);
  }

  /** A single waiter is enough for a single message; the others look again in vain, and wait on. */
  wake(): void {
    for (const wake of this.#wakers) wake();
  }

  #show(message: Message): void {
    message.state = 'ready';
    this.#ready.push(message);
    this.#readyCount += 1;
  }

  #hide(message: Message, until: number): void {
    message.state = 'in-flight';
    message.visibleAt = until;
    this.#inFlight += 1;
    this.#waiting.push(until, message);
  }

  /** Brings back what is visible again. */
  #settle(): void {
    const now = this.#world.clock.now();
    for (;;) {
      const due = this.#waiting.popDue(now);
      if (due === undefined) return;
      const { at, item } = due;
      // Deleted, or hidden once more since: a later entry counts.
      if (item.visibleAt !== at || (item.state !== 'in-flight' && item.state !== 'delayed')) continue;
      if (item.state === 'in-flight') this.#inFlight -= 1;
      else this.#delayed -= 1;
      this.#show(item);
    }
  }
}

function oldestSent(oldest: number, { sent, state }: Message): number {
  return state === 'deleted' ? oldest : Math.min(oldest, sent);
}

export function md5(value: string | Buffer): string {
  return createHash('md5').update(value).digest('hex');
}

/** As SQS computes it: names in order; name, type and value each after its length. */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const sized = (value: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    return Buffer.concat([length, value]);
  };
  const parts = names.flatMap((name) => {
    const { DataType, StringValue, BinaryValue } = attributes[name] ?? { DataType: '' };
    const binary = DataType.startsWith('Binary');
    const value = binary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? '');
    return [sized(Buffer.from(name)), sized(Buffer.from(DataType)), Buffer.from([binary ? 2 : 1]), sized(value)];
  });
  return md5(Buffer.concat(parts));
}
