import type { AwsModel } from '../../../lib/aws-model/model.ts';
import type { Realm, StoreKey } from '../world.ts';

/** What an instance is told about its end, by its id. */
interface Notices {
  /** When Spot takes it, in milliseconds since 1970. */
  readonly interruptions: Map<string, number>;
  /** When it was recommended to move away. */
  readonly rebalances: Map<string, number>;
}

const KEY: StoreKey<Notices> = {
  name: 'notices',
  create: () => ({ interruptions: new Map(), rebalances: new Map() }),
};

export function noticesOf(realm: Realm): Notices {
  return realm.store(KEY);
}

/** Keeps what the model tells once for those who ask later. */
export function watchNotices(realm: Realm, model: AwsModel): void {
  const { interruptions, rebalances } = noticesOf(realm);
  model.onEvent((event) => {
    if (event.type === 'spot-interruption') interruptions.set(event.instanceId, event.actionAt);
    else if (event.type === 'rebalance-recommendation') rebalances.set(event.instanceId, event.at);
    else if (event.type === 'instance-state' && event.state === 'terminated')
      for (const told of [interruptions, rebalances]) told.delete(event.instanceId);
  });
}
