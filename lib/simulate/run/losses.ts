import type { AwsModel } from '../../aws-model/model.ts';
import { draw, type RandomState } from '../../aws-model/random.ts';
import type { Loss } from '../workload/workload.ts';
import type { Bills } from './bill.ts';
import type { Jobs } from './jobs.ts';

/** What a loss came to. */
export interface Happened {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly instances: number;
  /** Jobs that ran on them, and went back to the queue. */
  readonly jobs: number;
  /** Jobs that waited just before. */
  readonly waiting: number;
}

/** Instances that a workload loses. Their group sees at its next look at their health that they are gone, and launches others. */
export class Losses {
  readonly happened: Happened[] = [];
  readonly #losses: readonly Loss[];
  readonly #begin: number;

  /** @param begin - milliseconds since 1970 that times of losses count from */
  constructor(losses: readonly Loss[], begin: number) {
    this.#losses = losses;
    this.#begin = begin;
  }

  /** When the next one comes; Infinity after the last. */
  nextAt(): number {
    const next = this.#losses[this.happened.length];
    return next === undefined ? Infinity : this.#begin + Math.ceil(next.at * 1000);
  }

  /** Lets what is due happen. */
  happen(model: AwsModel, bills: Bills, jobs: Jobs, random: RandomState): void {
    while (this.nextAt() <= model.now) {
      const running = bills.running();
      const most = Math.min(this.#losses[this.happened.length]?.instances ?? 0, running.length);
      const InstanceIds = Array.from({ length: most }, () =>
        running.splice(Math.floor(draw(random, 'choice') * running.length), 1),
      ).flat();
      const { waiting } = jobs;
      if (most > 0) model.ec2.terminateInstances({ InstanceIds });
      this.happened.push({ at: model.now, instances: most, jobs: jobs.waiting - waiting, waiting });
    }
  }
}
