import { createHash } from 'node:crypto';
import { modelOf } from '../../../lab/aws/model/model.ts';
import type { Message } from '../../../lab/aws/sqs/queue.ts';
import { queueOfArn } from '../../../lab/aws/sqs/store.ts';
import type { Realm } from '../../../lab/aws/world.ts';
import type { FleetDefinition } from '../../../lib/simulate/fleet/definition.ts';
import { Jobs } from '../../../lib/simulate/run/jobs.ts';
import { Workers } from '../../../lib/simulate/run/workers.ts';
import type { Workload } from '../../../lib/simulate/workload/workload.ts';

const body = '{}';
const md5 = createHash('md5').update(body).digest('hex');
/** SQS hides a message for no longer. */
const HIDDEN_SECONDS = 43_200;

/** Jobs of a workload in a queue of the endpoint, and the simulator's workers on the instances of its group, who take them and tell how long they took. */
export class WorkedQueue {
  readonly jobs: Jobs;
  readonly #realm: Realm;
  readonly #workers: Workers;
  readonly #arn: string;
  readonly #namespace: string;
  #sent = 0;
  readonly #taken: Message[] = [];
  #deleted = 0;
  readonly #told = new Set<number>();

  constructor(
    realm: Realm,
    fleet: FleetDefinition,
    { arn, namespace }: { arn: string; namespace: string },
    workload: Workload,
  ) {
    this.#realm = realm;
    this.#arn = arn;
    this.#namespace = namespace;
    const model = modelOf(realm);
    this.jobs = new Jobs(workload, model.now);
    const random = { seed: 1, streams: new Map() };
    this.#workers = new Workers(model, fleet, this.jobs, { random, slots: 1, start: { mean: 5, spread: 2 } });
  }

  /** What is due by now. */
  work(): void {
    const { cloudwatch, now } = modelOf(this.#realm);
    this.jobs.arrive(now);
    this.#workers.work();
    this.#moveMessages();
    const Values = this.#durations();
    if (Values.length === 0) return;
    const MetricData = [{ MetricName: 'JobDuration', Values, Counts: Values.map(() => 1) }];
    cloudwatch.putMetricData({ Namespace: this.#namespace, MetricData });
  }

  #moveMessages(): void {
    const { world } = this.#realm;
    const queue = queueOfArn(this.#realm, this.#arn);
    if (queue === undefined) throw new Error(`there is no queue ${this.#arn}`);
    for (; this.#sent < this.jobs.arrived; this.#sent += 1)
      queue.send(
        {
          ...{ id: world.ids.uuid(), body, md5, attributes: {}, attributesMd5: undefined },
          ...{ sent: world.clock.now(), sender: 'test' },
        },
        0,
      );
    const missing = this.jobs.running + this.jobs.done - this.#taken.length;
    this.#taken.push(...queue.receive(missing, HIDDEN_SECONDS, () => false));
    for (const message of this.#taken.slice(this.#deleted, this.jobs.done)) queue.delete(message);
    this.#deleted = this.jobs.done;
  }

  /** Milliseconds of those that ended since the last time. */
  #durations(): number[] {
    return [...this.jobs.ended].flatMap((ended, job) => {
      if (Number.isNaN(ended) || this.#told.has(job)) return [];
      this.#told.add(job);
      return [this.jobs.milliseconds(job)];
    });
  }
}
