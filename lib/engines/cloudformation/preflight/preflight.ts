import { readFailure } from '../../../aws-api/aws-error.ts';
import type { Change, Finding } from '../../../plan/model.ts';
import { artefactName } from '../../../stack/id.ts';
import type { SynthesizedStack } from '../../../stack/synthesized.ts';
import { type Asked, type AskedFleet, askedOf, type Reference } from './asked.ts';
import { type Facts, judge, type Place, QUOTAS, SERVICE_ROLES } from './judge.ts';
import type { AccountLooks, ImageFacts, SubnetFacts } from './looks.ts';

/** How long SQS keeps the name of a deleted queue. Source: AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html */
const QUEUE_NAME_SECONDS = 60;

/**
 * What AWS would refuse of these changes, found out before any is made; nothing is asked where they start no instance and take no name.
 * What cannot be asked is said, and refuses nothing.
 */
export async function preflight(
  looks: AccountLooks,
  { id, text }: Pick<SynthesizedStack, 'id' | 'text'>,
  changes: readonly Change[],
  place: Omit<Place, 'stack'>,
  now: Date,
): Promise<Finding[]> {
  const asked = askedOf(text, changes);
  const facts = await factsFor(looks, asked, artefactName(id), now);
  return judge(asked, facts, { ...place, stack: id });
}

async function factsFor(looks: AccountLooks, asked: Asked, stackName: string, now: Date): Promise<Facts> {
  const unknown: string[] = [];
  const ask = async <T>(what: string, isAsked: boolean, look: () => Promise<T>): Promise<T | undefined> => {
    if (!isAsked) return undefined;
    try {
      return await look();
    } catch (error) {
      const { name, message } = readFailure(error);
      unknown.push(`${what} (${name}: ${message})`);
      return undefined;
    }
  };
  const { fleets, buckets, queues } = asked;
  const types = [...new Set(fleets.flatMap((fleet) => fleet.types))];
  const isFleet = fleets.length > 0;
  const names = [...new Set(fleets.flatMap(({ subnets, image }) => [subnets.parameter, image.parameter]))];
  const stored = names.filter((name) => name !== undefined);
  const [values, known, offerings, onDemandQuota, spotQuota, roles, taken, deleted] = await Promise.all([
    ask('parameters', stored.length > 0, () => looks.parameters(stored)),
    ask('instance types', types.length > 0, () => looks.instanceTypes(types)),
    ask('offers of zones', types.length > 0, () => looks.offerings(types)),
    ask('the quota on demand', isFleet, () => looks.quota('ec2', QUOTAS.onDemand)),
    ask('the Spot quota', isFleet, () => looks.quota('ec2', QUOTAS.spot)),
    ask('service-linked roles', isFleet, () =>
      entriesOf(Object.values(SERVICE_ROLES), async (name) => [name, await looks.hasRole(name)]),
    ),
    ask('names of buckets', buckets.length > 0, () =>
      entriesOf(buckets, async ({ address, name }) =>
        (await looks.isBucketTaken(name)) ? [address, true] : undefined,
      ),
    ),
    ask('names of queues', queues.length > 0, () => looks.queuesDeletedAt(stackName)),
  ]);
  const valuesOf = (reference: Reference): readonly string[] =>
    reference.parameter === undefined ? reference.values : (values?.get(reference.parameter)?.split(',') ?? []);
  const [subnets, images] = await Promise.all([
    ask('subnets', isFleet, () =>
      entriesOf(fleets, async ({ address, subnets: own }): Promise<[string, readonly SubnetFacts[]] | undefined> => {
        const ids = valuesOf(own);
        return ids.length === 0 ? undefined : [address, await looks.subnets(ids)];
      }),
    ),
    ask('images', isFleet, () =>
      entriesOf(fleets, async ({ address, image }): Promise<[string, FoundImage] | undefined> => {
        const [imageId] = valuesOf(image);
        return imageId === undefined ? undefined : [address, { id: imageId, image: await looks.image(imageId) }];
      }),
    ),
  ]);
  const refusals = await ask('a launch', isFleet, () =>
    entriesOf(fleets, async (fleet): Promise<[string, string] | undefined> => {
      const found = images?.get(fleet.address);
      const refusal = await tried(looks, fleet, subnets?.get(fleet.address) ?? [], offerings, found);
      return refusal === undefined ? undefined : [fleet.address, refusal];
    }),
  );
  const held = deleted === undefined ? 0 : QUEUE_NAME_SECONDS - (now.getTime() - deleted.getTime()) / 1000;
  return {
    ...{ types: known, offerings, onDemandQuota, spotQuota, roles, subnets, images, refusals, unknown },
    takenBuckets: new Set(taken?.keys()),
    // The account's clock may be ahead.
    queueNamesHeldSeconds: Math.min(QUEUE_NAME_SECONDS, Math.max(0, Math.ceil(held))),
  };
}

interface FoundImage {
  readonly id: string;
  readonly image: ImageFacts | undefined;
}

/** A launch where a zone offers one of the types: the group passes the others over. None with an image that is not there. */
async function tried(
  looks: AccountLooks,
  { types, rootGiB }: AskedFleet,
  subnets: readonly SubnetFacts[],
  offerings: Facts['offerings'],
  found: FoundImage | undefined,
): Promise<string | undefined> {
  const offered = subnets.flatMap(({ id, zone }) =>
    types.filter((type) => offerings?.get(zone)?.has(type) ?? offerings === undefined).map((type) => ({ id, type })),
  );
  const [first] = offered;
  if (first === undefined || found?.image === undefined) return undefined;
  return await looks.refusalOf({ imageId: found.id, type: first.type, subnetId: first.id, rootGiB });
}

async function entriesOf<T, V>(
  items: readonly T[],
  look: (item: T) => Promise<readonly [string, V] | undefined>,
): Promise<ReadonlyMap<string, V>> {
  const found = await Promise.all(items.map(look));
  return new Map(found.filter((each) => each !== undefined));
}
