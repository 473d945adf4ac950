import { autoScalingCalls, autoScalingTimers, onEc2Event } from './autoscaling/calls.ts';
import { policyByArn } from './autoscaling/policies.ts';
import { onAlarm } from './autoscaling/scaling.ts';
import { drawCall, viewBuckets } from './buckets.ts';
import { cloudWatchCalls, cloudWatchTimers } from './cloudwatch/calls.ts';
import type { Calls, Context, State, Timer } from './context.ts';
import { ec2Calls, ec2Timers } from './ec2/calls.ts';
import { fromPlain, toPlain } from './plain.ts';
import { firstState } from './settings.ts';
import { takeDue } from './timeline.ts';
import type { Api, BucketView, ModelEvent, ModelOptions, Time, WorldControls } from './types.ts';
import { worldControls } from './world.ts';

const HANDLERS = { ...ec2Timers, ...autoScalingTimers, ...cloudWatchTimers };

type Listener = (event: ModelEvent) => void;

/**
 * EC2, Auto Scaling and CloudWatch of one account and Region, in memory: no socket, no clock, no chance but the seed's.
 * The same options and the same calls at the same times give the same events. docs/aws-model.md has the rules and their sources.
 */
export class AwsModel {
  readonly ec2: Calls<typeof ec2Calls>;
  readonly autoscaling: Calls<typeof autoScalingCalls>;
  readonly cloudwatch: Calls<typeof cloudWatchCalls>;
  /** What AWS has no call for: shortages, failures, quotas, limits. */
  readonly world: WorldControls;
  readonly #state: State;
  readonly #context: Context;
  readonly #listeners = new Set<Listener>();
  readonly #untold: ModelEvent[] = [];
  /** Calls and timers that run: events are told when the outermost has ended. */
  #depth = 0;

  constructor(options: ModelOptions | Restored = {}) {
    const state = options instanceof Restored ? options.state : firstState(options);
    const context: Context = {
      state,
      emit: (event) => {
        this.#untold.push({ at: state.now, ...event });
        onEc2Event(context, event);
      },
      alarmAction: (arn, breach) => {
        const found = policyByArn(context, arn);
        if (found !== undefined) onAlarm(context, found.group, found.state.policy, breach);
      },
    };
    this.#state = state;
    this.#context = context;
    this.ec2 = this.#bind(ec2Calls);
    this.autoscaling = this.#bind(autoScalingCalls);
    this.cloudwatch = this.#bind(cloudWatchCalls);
    this.world = this.#wrap(worldControls(context));
  }

  get now(): Time {
    return this.#state.now;
  }

  /** Moves time, event by event. A time that has passed is refused. */
  advanceTo(ms: Time): void {
    if (!(ms >= this.now)) throw new RangeError(`the model is at ${this.now} and cannot go back to ${ms}`);
    if (this.#depth > 0) throw new Error('time is moved by whoever drives the model, not within a call or an event');
    for (;;) {
      const due = takeDue(this.#state.timeline, ms);
      if (due === undefined) break;
      this.#state.now = due.at;
      this.#run(() => handle(this.#context, due.timer));
    }
    this.#state.now = ms;
  }

  /** When something happens by itself next. */
  nextEventAt(): Time | undefined {
    return this.#state.timeline.heap[0]?.at;
  }

  /** Called for every event, in order, at the model's time of the event; a listener may make calls. @returns what ends it. */
  onEvent(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Draws the tokens of a call, or throws `RequestLimitExceeded` (EC2) or `Throttling` (the others) and draws none. The effect is another call:
   * `model.call('ec2:TerminateInstances', 'tandem', input); model.ec2.terminateInstances(input)`.
   * @param input - what the call takes: instances that it names draw resource tokens; a Describe without any draws on its smaller bucket
   */
  call(api: Api, caller: string, input: object = {}): void {
    this.#run(() => drawCall(this.#context, api, caller, input));
  }

  /** The buckets that an API draws from, as they stand now: requests, then resources where it has such. */
  buckets(api: Api): BucketView[] {
    return viewBuckets(this.#context, api);
  }

  /** All of the state, as plain JSON: of two models that went the same way it is equal. `AwsModel.restore` continues it. */
  snapshot(): object {
    return toPlain(this.#state) as object;
  }

  /** The model as it was, without its listeners. */
  static restore(snapshot: object): AwsModel {
    return new AwsModel(new Restored(fromPlain(structuredClone(snapshot)) as State));
  }

  #bind<H extends object>(calls: H): Calls<H> {
    return this.#wrap(calls, this.#context) as unknown as Calls<H>;
  }

  #wrap<T extends object>(functions: T, ...first: readonly unknown[]): T {
    return Object.fromEntries(
      Object.entries(functions).map(([name, call]: [string, (...args: readonly unknown[]) => unknown]) => [
        name,
        (...args: readonly unknown[]) => this.#run(() => call(...first, ...args)),
      ]),
    ) as T;
  }

  #run<T>(what: () => T): T {
    this.#depth += 1;
    try {
      return what();
    } finally {
      if (this.#depth === 1) this.#tell();
      this.#depth -= 1;
    }
  }

  /** Listeners hear of what their own calls did after what they are told now. */
  #tell(): void {
    for (let event = this.#untold.shift(); event !== undefined; event = this.#untold.shift())
      for (const listener of this.#listeners) listener(event);
  }
}

class Restored {
  readonly state: State;

  constructor(state: State) {
    this.state = state;
  }
}

function handle(context: Context, timer: Timer): void {
  // Each kind has the handler of its own timers; TypeScript cannot follow that from the union.
  (HANDLERS[timer.kind] as (context: Context, timer: Timer) => void)(context, timer);
}
