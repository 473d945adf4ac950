import { type Log, wordsOf } from './log.ts';
import type { Metric, Ports } from './ports.ts';

const PERIOD_MS = 60_000;
/** Values a datum: API_MetricDatum.html. Two digits are enough for a percentile. */
const DIGITS = 2;

export type MetricName = 'JobsDone' | 'JobsFailed' | 'JobDuration' | 'QueueWait' | 'WorkerBroken' | 'FleetBreakerOpen';

/** Collects what happens, and sends it once a minute: one call, however many jobs there were. */
export class Meter {
  readonly #ports: Pick<Ports, 'clock' | 'random' | 'metrics'>;
  readonly #log: Log;
  #metrics = new Map<string, Metric & { readonly values: Map<number, number> }>();

  constructor(ports: Pick<Ports, 'clock' | 'random' | 'metrics'>, log: Log) {
    this.#ports = ports;
    this.#log = log;
  }

  count(name: MetricName, queue?: string): void {
    this.#add(name, 'Count', 1, queue);
  }

  milliseconds(name: MetricName, value: number, queue?: string): void {
    this.#add(name, 'Milliseconds', Number(Math.max(0, value).toPrecision(DIGITS)), queue);
  }

  async run(look: () => void, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#ports;
    // Instances launched together would otherwise keep sending at the same moments.
    await clock.sleep(random() * PERIOD_MS, signal);
    while (!signal.aborted) {
      look();
      await this.flush();
      await clock.sleep(PERIOD_MS, signal);
    }
    await this.flush();
  }

  async flush(): Promise<void> {
    const metrics = [...this.#metrics.values()];
    if (metrics.length === 0) return;
    this.#metrics = new Map();
    // Numbers of one minute are no reason to hold anything up.
    await this.#ports.metrics
      .put(metrics)
      .catch((error: unknown) => this.#log('warn', 'metrics not sent', { why: wordsOf(error) }));
  }

  #add(name: MetricName, unit: Metric['unit'], value: number, queue?: string): void {
    const key = `${name} ${queue ?? ''}`;
    const metric = this.#metrics.get(key) ?? {
      ...{ name, unit, values: new Map<number, number>() },
      ...(queue === undefined ? {} : { queue }),
    };
    metric.values.set(value, (metric.values.get(value) ?? 0) + 1);
    this.#metrics.set(key, metric);
  }
}
