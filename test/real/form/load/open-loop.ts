import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';

export interface Load {
  readonly host: string;
  readonly port: number;
  /** Requests a second at each moment, in seconds from the beginning. */
  readonly rate: (second: number) => number;
  readonly seconds: number;
  /** Connections at once: a request waits for a free one, and its wait counts. */
  readonly connections: number;
  readonly request: (index: number) => {
    readonly method: 'GET' | 'PUT';
    readonly path: string;
    readonly body?: string;
  };
  /** How long to wait for the last answers, in milliseconds. @default 60000 */
  readonly lastMs?: number;
}

export interface Outcome {
  /** Status by index of the request; 0 where the connection broke before an answer. */
  readonly statuses: Uint16Array;
  /** From the moment at which a request was due to its answer, in milliseconds, by index. */
  readonly latencies: Float64Array;
  readonly sent: number;
  readonly answered: number;
  /** From the first that was due to the last answer, in seconds. */
  readonly took: number;
}

/**
 * Sends requests at the times at which they are due, whether earlier ones are answered or not, and counts from then: a service that
 * stands still for a second has a thousand late answers, not one (coordinated omission).
 */
export async function openLoop(load: Load): Promise<Outcome> {
  const due = dueTimes(load);
  const statuses = new Uint16Array(due.length);
  const latencies = new Float64Array(due.length);
  const idle: HttpConnection[] = [];
  const waiting: number[] = [];
  let open = 0;
  let answered = 0;
  const began = performance.now() + 50;
  let last = began;

  const give = (connection: HttpConnection, index: number) => {
    connection.send(load.request(index), (status) => {
      last = performance.now();
      statuses[index] = status;
      latencies[index] = last - began - (due[index] ?? 0);
      answered += 1;
      if (!connection.usable) {
        open -= 1;
        next();
        return;
      }
      const following = waiting.shift();
      if (following === undefined) idle.push(connection);
      else give(connection, following);
    });
  };
  const next = () => {
    while (waiting.length > 0) {
      const connection = idle.pop() ?? (open < load.connections ? newConnection() : undefined);
      if (connection === undefined) return;
      if (!connection.usable) {
        open -= 1;
        continue;
      }
      give(connection, waiting.shift() as number);
    }
  };
  const newConnection = () => {
    open += 1;
    return new HttpConnection(load.host, load.port);
  };

  for (let index = 0; index < due.length; ) {
    const now = performance.now() - began;
    while (index < due.length && (due[index] ?? 0) <= now) {
      waiting.push(index);
      index += 1;
    }
    next();
    await sleep(1);
  }
  const until = performance.now() + (load.lastMs ?? 60_000);
  while (answered < due.length && performance.now() < until) await sleep(5);
  for (const connection of idle) connection.close();
  return { statuses, latencies, sent: due.length, answered, took: (last - began) / 1000 };
}

/** When each request is due, in milliseconds from the beginning. */
function dueTimes({ rate, seconds }: Load): Float64Array {
  const times: number[] = [];
  let owed = 0;
  for (let ms = 0; ms < seconds * 1000; ms += 1) {
    owed += rate(ms / 1000) / 1000;
    const now = Math.floor(owed);
    for (let each = 0; each < now; each += 1) times.push(ms + each / now);
    owed -= now;
  }
  return Float64Array.from(times);
}

/** The value below which a share of the values lies, e.g. 0.99; NaN of none. */
export function quantile(values: Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
