import { AwsError } from './aws-error.ts';
import { setOffering } from './ec2/instance-types.ts';
import type { JsonObject } from './json.ts';
import { isObject, strings, text } from './json.ts';
import { inModel, modelOf } from './model/model.ts';
import { setQuota } from './quotas/store.ts';
import { unreachable } from './ssm/command-store.ts';
import type { Realm } from './world.ts';

/** What a test or a drill does to a realm's machines; AWS has no calls for it. SPEC.md, "Control interface". */
export function changeFleet(realm: Realm, what: string, input: JsonObject): JsonObject {
  const { world } = modelOf(realm);
  inModel(() => {
    switch (what) {
      case 'impair':
        world.impair(text(input['instanceId']) ?? '', oneOf(input, 'check', ['system', 'instance']));
        break;
      case 'rebalance':
        world.recommendRebalance(strings(input['instanceIds']));
        break;
      case 'capacity': {
        const [type, purchase] = [text(input['type']), oneOf(input, 'purchase', ['spot', 'on-demand'])];
        const available = input['available'] === null ? Infinity : Number(input['available']);
        world.setCapacity({
          ...{ zone: text(input['zone']) ?? '', available },
          ...(type !== undefined && { type }),
          ...(purchase !== undefined && { purchase }),
        });
        break;
      }
      case 'offering':
        setOffering(realm, text(input['zone']) ?? '', text(input['type']) ?? '', input['offered'] === true);
        break;
      case 'image':
        world.setImage({
          ImageId: text(input['imageId']) ?? '',
          Architecture: oneOf(input, 'architecture', ['arm64', 'x86_64']) ?? 'arm64',
          State: oneOf(input, 'state', ['available', 'pending', 'deregistered', 'disabled']) ?? 'available',
          RootVolumeGiB: Number(input['rootVolumeGiB'] ?? 8),
        });
        break;
      case 'quota':
        setQuota(realm, oneOf(input, 'purchase', ['spot', 'on-demand']) ?? 'on-demand', Number(input['vcpus']));
        break;
      case 'limits':
        world.setLimits(isObject(input['limits']) ? input['limits'] : {});
        break;
      case 'unreachable':
        for (const id of strings(input['instanceIds']))
          if (input['reachable'] === true) unreachable(realm).delete(id);
          else unreachable(realm).add(id);
        break;
      default:
        world.setDeadBoots(Number(input['share']));
    }
  });
  return {};
}

function oneOf<T extends string>(input: JsonObject, name: string, allowed: readonly T[]): T | undefined {
  const value = text(input[name]);
  const found = allowed.find((each) => each === value);
  if (value !== undefined && found === undefined)
    throw new AwsError('BadRequest', `${name} must be one of ${allowed.join(', ')}`);
  return found;
}
