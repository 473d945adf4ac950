import type { AutoScalingCalls } from './autoscaling-types.ts';
import type { CloudWatchCalls } from './cloudwatch-types.ts';
import type { Ec2Calls } from './ec2-types.ts';
import type { Api, BucketView, ModelEvent, ModelOptions, Time, WorldControls } from './types.ts';

/**
 * EC2, Auto Scaling and CloudWatch of one account and Region, in memory: no socket, no clock, no chance but the seed's.
 * The same options and the same calls at the same times give the same events. docs/aws-model.md has the rules and their sources.
 */
export class AwsModel {
  readonly ec2: Ec2Calls;
  readonly autoscaling: AutoScalingCalls;
  readonly cloudwatch: CloudWatchCalls;
  readonly world: WorldControls;
  readonly now: Time;

  constructor(options: ModelOptions = {}) {
    this.now = options.now ?? 0;
    this.ec2 = notYet();
    this.autoscaling = notYet();
    this.cloudwatch = notYet();
    this.world = notYet();
  }

  /** Moves time, event by event. A time that has passed is refused. */
  advanceTo(_ms: Time): void {
    throw new Error('not yet');
  }

  /** When something happens by itself next. */
  nextEventAt(): Time | undefined {
    throw new Error('not yet');
  }

  /** Called for every event, in order, at the model's time of the event; a listener may make calls. @returns what ends it. */
  onEvent(_listener: (event: ModelEvent) => void): () => void {
    throw new Error('not yet');
  }

  /**
   * Draws the tokens of a call, or throws `RequestLimitExceeded` (EC2) or `Throttling` (the others). The effect is another call:
   * `model.call('ec2:TerminateInstances', 'tandem', input); model.ec2.terminateInstances(input)`.
   * @param input - what the call takes: instances that it names draw resource tokens
   */
  call(_api: Api, _caller: string, _input: object = {}): void {
    throw new Error('not yet');
  }

  /** The buckets that an API draws from, as they stand now. */
  buckets(_api: Api): BucketView[] {
    throw new Error('not yet');
  }

  /** All of the state, as plain JSON: of two models that went the same way it is equal. `AwsModel.restore` continues it. */
  snapshot(): object {
    throw new Error('not yet');
  }

  static restore(_snapshot: object): AwsModel {
    throw new Error('not yet');
  }
}

function notYet<T extends object>(): T {
  return new Proxy({} as T, {
    get: (_, name) => () => {
      throw new Error(`not yet: ${String(name)}`);
    },
  });
}
