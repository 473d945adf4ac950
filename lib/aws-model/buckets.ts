import type { Context } from './context.ts';
import { LIMITS, type LimitRow } from './limits.ts';
import { type Api, type BucketView, type LimitOptions, ModelFault } from './types.ts';

interface Bucket {
  readonly name: string;
  readonly row: LimitRow;
}

/** Draws what a call costs from all of its buckets, or from none and throws. */
export function drawCall(context: Context, api: Api, caller: string, input: object): void {
  const { enforced = true } = context.state.settings.limits;
  if (!enforced) return;
  const wanted = bucketsOf(api, input).map((bucket) => ({
    bucket,
    count: bucket.row.kind === 'request' ? 1 : resourcesOf(input),
  }));
  if (wanted.every(({ bucket, count }) => view(context, api, bucket).tokens >= count)) {
    for (const { bucket, count } of wanted) take(context, api, bucket, count);
    return;
  }
  context.emit({ type: 'throttled', api, caller });
  throw api.startsWith('ec2:')
    ? new ModelFault('RequestLimitExceeded', 'Request limit exceeded.', 503)
    : new ModelFault('Throttling', 'Rate exceeded', 400);
}

/** Takes up to `count` resource tokens of an API for what AWS does by itself. @returns how many it got. */
export function drawResources(context: Context, api: Api, count: number): number {
  const { enforced = true, autoScalingDraws = true } = context.state.settings.limits;
  const bucket = bucketsOf(api, {}).find(({ row }) => row.kind === 'resource');
  if (!enforced || !autoScalingDraws || bucket === undefined) return count;
  const got = Math.min(count, Math.floor(view(context, api, bucket).tokens));
  take(context, api, bucket, got);
  return got;
}

export function viewBuckets(context: Context, api: Api): BucketView[] {
  return bucketsOf(api, { MaxResults: 1 }).map((bucket) => view(context, api, bucket));
}

/** Other limits from now on: tokens that are there stay, up to the new size. */
export function changeLimits(context: Context, limits: LimitOptions): void {
  const { buckets, settings } = context.state;
  for (const { api } of [...buckets.values()])
    for (const bucket of bucketsOf(api, { MaxResults: 1 })) if (buckets.has(bucket.name)) take(context, api, bucket, 0);
  settings.limits = limits;
}

/** The rows of an API, one of each kind, and the bucket that each draws from. */
function bucketsOf(api: Api, input: object): Bucket[] {
  const unfiltered = Object.values(input).every((value) => value === undefined);
  const rows = (['request', 'resource'] as const).map((kind) =>
    LIMITS.find(
      (row) => row.kind === kind && row.apis.some((each) => fits(each, api)) && (row.unfiltered !== true || unfiltered),
    ),
  );
  return rows
    .filter((row) => row !== undefined)
    .map((row) => ({ row, name: row.each ? `${api} ${row.name}` : row.name }));
}

function fits(pattern: string, api: Api): boolean {
  return pattern.endsWith('*') ? api.startsWith(pattern.slice(0, -1)) : pattern === api;
}

/** Instances that a call names or asks for. */
function resourcesOf(input: object): number {
  const { InstanceIds, MaxCount, TargetCapacitySpecification } = input as {
    readonly InstanceIds?: readonly string[];
    readonly MaxCount?: number;
    readonly TargetCapacitySpecification?: { readonly TotalTargetCapacity?: number };
  };
  return InstanceIds?.length ?? MaxCount ?? TargetCapacitySpecification?.TotalTargetCapacity ?? 1;
}

function take(context: Context, api: Api, bucket: Bucket, count: number): void {
  const { tokens } = view(context, api, bucket);
  context.state.buckets.set(bucket.name, { tokens: tokens - count, at: context.state.now, api });
}

function view({ state }: Context, api: Api, { name, row }: Bucket): BucketView {
  const { limits } = state.settings;
  const factor = factorOf(limits, api);
  const capacity = row.capacity * factor;
  const refillPerSecond = row.refillPerSecond * factor;
  const net = refillPerSecond - Math.min(taken(limits, api, row), 0.9 * refillPerSecond);
  const { tokens, at } = state.buckets.get(name) ?? { tokens: capacity, at: state.now };
  return { name, capacity, refillPerSecond, tokens: Math.min(capacity, tokens + (net * (state.now - at)) / 1000) };
}

function factorOf({ scale = 1, scaleOf = {}, othersTake = 0 }: LimitOptions, api: Api): number {
  return scale * (scaleOf[api] ?? 1) * (1 - othersTake);
}

/** Tokens a second that others take of a row's bucket. */
function taken({ consumers = [] }: LimitOptions, api: Api, row: LimitRow): number {
  return consumers
    .filter((consumer) => (row.each ? consumer.api === api : row.apis.some((each) => fits(each, consumer.api))))
    .reduce(
      (sum, { callsPerSecond, resourcesPerCall = 0 }) =>
        sum + callsPerSecond * (row.kind === 'request' ? 1 : resourcesPerCall),
      0,
    );
}
