import { AwsModel } from '../../../lib/aws-model/model.ts';
import { type Api, ModelFault } from '../../../lib/aws-model/types.ts';
import { AwsError } from '../aws-error.ts';
import { PUBLIC_IMAGES } from '../ssm/store.ts';
import { tunnelStates } from '../vpn/metrics.ts';
import type { Realm, StoreKey } from '../world.ts';
import { watchNotices } from './notices.ts';
import { queueMetrics } from './queue-metrics.ts';

const MINUTE = 60_000;

/** The instances, groups, alarms and metrics of a realm, which its services speak for. */
const KEY: StoreKey<AwsModel> = {
  name: 'model',
  create: (realm) => {
    const { clock, options } = realm.world;
    const { region, account } = realm;
    const of = { now: clock.now(), region, account };
    const model = new AwsModel({ seed: seedOf(options.seed), images: PUBLIC_IMAGES, ...options.model, ...of });
    watchNotices(realm, model);
    void everyMinute(realm, model);
    return model;
  },
};

/** The realm's model at the present moment. */
export function modelOf(realm: Realm): AwsModel {
  const model = realm.store(KEY);
  catchUp(realm, model);
  return model;
}

/** Runs something of the model's; its refusals become answers. */
export function inModel<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof ModelFault ? refusalOf(error) : error;
  }
}

export function refusalOf({ code, message, status }: ModelFault): AwsError {
  return new AwsError(code, message, status);
}

/** Draws the tokens of a call from the realm's buckets. @throws AwsError as the service throttles */
export function drawTokens(realm: Realm, api: string, caller: string, input: object): void {
  inModel(() => modelOf(realm).call(api as Api, caller, input));
}

function catchUp({ world }: Realm, model: AwsModel): void {
  const now = world.clock.now();
  if (now > model.now) model.advanceTo(now);
}

/** SQS publishes a queue's metrics once a minute, and so time in the model goes on where nobody calls. */
async function everyMinute(realm: Realm, model: AwsModel): Promise<void> {
  const { world } = realm;
  while (!world.closed) {
    const now = world.clock.now();
    await world.clock.sleep(MINUTE - (now % MINUTE));
    catchUp(realm, model);
    const tunnels = tunnelStates(realm);
    if (tunnels.length > 0) model.cloudwatch.putMetricData({ Namespace: 'AWS/VPN', MetricData: tunnels });
    for (const MetricData of queueMetrics(realm)) model.cloudwatch.putMetricData({ Namespace: 'AWS/SQS', MetricData });
  }
}

/** A number for the model, out of the text that identifiers are made from. */
function seedOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}
