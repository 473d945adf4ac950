import type { AwsModel } from '../../aws-model/model.ts';

export type Purchase = 'spot' | 'on-demand';

/**
 * An instance's time that is charged, in milliseconds since 1970: from `running` until it shuts down or stops (EC2 user guide, "Instance
 * state"), by the second, a minute at least ("On-Demand pricing").
 */
export interface Stretch {
  readonly id: string;
  readonly purchase: Purchase;
  readonly type: string;
  readonly from: number;
  /** Infinity while it runs. */
  to: number;
}

const LEAST_MS = 60_000;

/** Seconds that are charged of a stretch until `end`. */
export function billedSeconds({ from, to }: Stretch, end: number): number {
  const until = Math.min(to, end);
  return until <= from ? 0 : Math.ceil(Math.max(LEAST_MS, until - from) / 1000);
}

/** What is charged in an account, from its first instance on. */
export class Bills {
  readonly stretches: Stretch[] = [];
  readonly #open = new Map<string, Stretch>();

  constructor(model: AwsModel) {
    model.onEvent((event) => {
      if (event.type !== 'instance-state') return;
      const { instanceId: id, state } = event;
      if (state === 'running') this.#begin(model, id, event.at);
      else if (state !== 'pending') this.#end(id, event.at);
    });
  }

  get open(): number {
    return this.#open.size;
  }

  /** @param purchase - @default - either */
  running(purchase?: Purchase): string[] {
    return [...this.#open.values()].flatMap((each) => (each.purchase === (purchase ?? each.purchase) ? each.id : []));
  }

  #begin(model: AwsModel, id: string, from: number): void {
    if (this.#open.has(id)) return;
    const [machine] = model.ec2.describeInstances({ InstanceIds: [id] }).Reservations[0]?.Instances ?? [];
    const purchase = machine?.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand';
    const stretch: Stretch = { id, purchase, type: machine?.InstanceType ?? '', from, to: Infinity };
    this.#open.set(id, stretch);
    this.stretches.push(stretch);
  }

  #end(id: string, at: number): void {
    const found = this.#open.get(id);
    if (found === undefined) return;
    found.to = at;
    this.#open.delete(id);
  }
}
