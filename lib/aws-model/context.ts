import type { AutoScalingState, AutoScalingTimer } from './autoscaling/state.ts';
import type { CloudWatchState, CloudWatchTimer } from './cloudwatch/state.ts';
import type { Ec2State, Ec2Timer } from './ec2/state.ts';
import type { RandomState } from './random.ts';
import type { InputOf } from './shape.ts';
import { schedule, type TimelineState } from './timeline.ts';
import type { Api, LimitOptions, ModelEvent, Time, Timings } from './types.ts';

export type Timer = Ec2Timer | AutoScalingTimer | CloudWatchTimer;

/** Options with their defaults. */
export interface Settings {
  readonly region: string;
  readonly account: string;
  readonly timings: Timings;
  readonly vcpus: Readonly<Record<string, number>>;
  readonly consistency: { readonly share: number; readonly mostSeconds: number };
  limits: LimitOptions;
  deadBoots: number;
}

/** Tokens as they were at a time; they refill on the way to the next look. */
interface BucketState {
  readonly tokens: number;
  readonly at: Time;
  readonly api: Api;
}

/** All that a model knows: plain values and Maps, no object in two places. */
export interface State {
  now: Time;
  readonly settings: Settings;
  readonly random: RandomState;
  readonly timeline: TimelineState<Timer>;
  readonly buckets: Map<string, BucketState>;
  readonly ec2: Ec2State;
  readonly autoscaling: AutoScalingState;
  readonly cloudwatch: CloudWatchState;
}

/** What every part of the model gets. */
export interface Context {
  readonly state: State;
  /** Tells the other parts of the model at once, and listeners once the running call or timer has ended. */
  emit(event: BareEvent): void;
  /** An alarm does one of its actions: a scaling policy acts, anything else is somebody else's. */
  alarmAction(arn: string, breach: { readonly value: number; readonly threshold: number }): void;
}

export type BareEvent = ModelEvent extends infer E ? (E extends ModelEvent ? Omit<E, 'at'> : never) : never;

/** Calls of a service as functions of the context, by the names that its client in AWS's SDK gives them. */
export type Handlers<Client> = {
  readonly [K in keyof Client]?: (context: Context, input: InputOf<Client[K]>) => object;
};

/** The same calls, once the context is bound. */
export type Calls<H> = {
  readonly [K in keyof H]: H[K] extends (context: Context, input: infer I) => infer O ? (input: I) => O : never;
};

/** What happens at the times of one part's timers. */
export type TimerHandlers<T extends { readonly kind: string }> = {
  readonly [K in T['kind']]: (context: Context, timer: Extract<T, { readonly kind: K }>) => void;
};

export function after(context: Context, ms: number, timer: Timer): void {
  schedule(context.state.timeline, context.state.now + ms, timer);
}
