import type { CostItem } from './cost.ts';
import type { AwsPrices } from './schema/aws-prices.ts';
import type { Environment } from './schema/environment.ts';

type Rates = Pick<AwsPrices, 'perUsd' | 'hoursPerMonth'> & AwsPrices['regions'][string];

/** What endpoints of these services are: gateways, which cost nothing. */
const GATEWAYS: ReadonlySet<string> = new Set(['s3', 'dynamodb']);

/** What the network of an environment costs, whatever runs in it. Traffic is paid by use, and not counted. */
export function networkCosts({ aws, cluster }: Environment, book: AwsPrices | undefined): CostItem[] {
  const rates = ratesOf(aws.region, book);
  const zones = aws.zones.length;
  const endpoints = cluster.network.endpoints.filter((each) => !GATEWAYS.has(each)).length * zones;
  const gateways = cluster.network.egress === 'nat' ? zones : 0;
  return [
    hourly('interface endpoints', endpoints, rates?.endpointHour, rates),
    hourly('NAT gateways', gateways, rates?.natGatewayHour, rates),
  ].filter(({ quantity }) => quantity !== '0');
}

/**
 * What the fleet of an environment costs, from its minimum to its maximum, at the price of the preferred type. Storage, queues, metrics and
 * logs are paid by use, and not counted.
 */
export function fleetCosts({ aws, cluster }: Environment, book: AwsPrices | undefined): CostItem[] {
  const { capacity, instances } = cluster;
  const rates = ratesOf(aws.region, book);
  const [type] = instances.types;
  const hour = type === undefined ? undefined : rates?.instanceHour[type];
  const range = `${capacity.minimum} to ${capacity.maximum}`;
  const price = (count: number): number => {
    const onDemand = Math.min(count, capacity.onDemandBase);
    const spot = ((count - onDemand) * capacity.spotSharePercent) / 100;
    const paid = count - spot + (spot * (rates?.spotPercent ?? 100)) / 100;
    return paid * (hour ?? 0) * (rates?.hoursPerMonth ?? 0) * (rates?.perUsd ?? 0);
  };
  const volume = (count: number): number =>
    count * instances.rootVolumeGiB * (rates?.volumeGiB ?? 0) * (rates?.perUsd ?? 0);
  const over = (cost: (count: number) => number, isPriced: boolean): CostItem['monthly'] =>
    isPriced ? { least: cost(capacity.minimum), most: cost(capacity.maximum) } : undefined;
  const purchase = `${capacity.onDemandBase} on demand, then ${capacity.spotSharePercent} % Spot`;
  return [
    {
      what: 'instances',
      quantity: `${range} ${type === undefined ? 'by requirements' : `of type ${type}`}, ${purchase}`,
      monthly: over(price, hour !== undefined),
    },
    {
      what: 'root volumes',
      quantity: `${range} of ${instances.rootVolumeGiB} GiB`,
      monthly: over(volume, rates !== undefined),
    },
  ];
}

/**
 * What a resource that outlives its stack costs a month, in the organisation's currency; undefined where it costs nothing by itself, or
 * has no price. @param bytes of data in it
 */
export function keptCost(type: string, bytes: number, region: string, book: AwsPrices | undefined): number | undefined {
  const rates = ratesOf(region, book);
  if (rates === undefined) return undefined;
  const price = { 'AWS::KMS::Key': rates.keyMonth, 'AWS::S3::Bucket': rates.storageGiB }[type];
  const quantity = type === 'AWS::S3::Bucket' ? bytes / 1024 ** 3 : 1;
  return price === undefined ? undefined : price * quantity * rates.perUsd;
}

function ratesOf(region: string, book: AwsPrices | undefined): Rates | undefined {
  const prices = book?.regions[region];
  return book === undefined || prices === undefined ? undefined : { ...book, ...prices };
}

function hourly(what: string, count: number, price: number | undefined, rates: Rates | undefined): CostItem {
  const amount =
    price === undefined || rates === undefined ? undefined : count * price * rates.hoursPerMonth * rates.perUsd;
  return { what, quantity: `${count}`, monthly: amount === undefined ? undefined : { least: amount, most: amount } };
}
