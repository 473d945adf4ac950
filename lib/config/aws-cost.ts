import { counted } from '../text/plural.ts';
import type { CostItem } from './cost.ts';
import { endpointsOf, GATEWAY_ENDPOINTS } from './endpoints.ts';
import type { AwsPrices } from './schema/aws-prices.ts';
import type { Environment } from './schema/environment.ts';
import type { Link } from './schema/link.ts';

type Rates = Pick<AwsPrices, 'perUsd' | 'hoursPerMonth'> & AwsPrices['regions'][string];

/**
 * What the stacks of an environment have of what is paid by the piece, whatever is configured; a test counts them in the templates. Target
 * tracking makes two alarms of its own (autoscaling/ec2/userguide/as-scaling-target-tracking.html).
 */
export const PIECES = {
  network: { keys: 1 },
  link: { keys: 1, alarms: 5, connections: 2, secrets: 4, resolverAddresses: 4 },
  discovery: { alarms: 2, rootGiB: 10 },
  cluster: { keys: 2, alarms: 12, trackingAlarms: 2, dashboards: 1 },
  scaler: { alarms: 1 },
} as const;

/** What a scaler uses in a minute: it waits between its looks (packages/fleet-scaler). */
const SCALER = { giB: 0.125, seconds: 46, metrics: 2 } as const;

/** How often a worker writes its heartbeat, and how long it waits for a job in one request, in seconds. */
const HEARTBEAT_SECONDS = 15;
const POLL_SECONDS = 20;

/** What the network of an environment costs, whatever runs in it. Traffic and flow logs are paid by use, and not counted. */
export function networkCosts({ aws, cluster }: Environment, book: AwsPrices | undefined): CostItem[] {
  const rates = ratesOf(aws.region, book);
  const zones = aws.zones.length;
  const endpoints = endpointsOf(cluster).filter((each) => !GATEWAY_ENDPOINTS.has(each)).length * zones;
  const gateways = cluster.network.egress === 'nat' ? zones : 0;
  const hours = rates?.hoursPerMonth ?? 0;
  return [
    pieces('interface endpoints', endpoints, rates?.endpointHour, rates, hours),
    pieces('NAT gateways', gateways, rates?.natGatewayHour, rates, hours),
    pieces('KMS keys', PIECES.network.keys, rates?.keyMonth, rates),
  ].filter(({ quantity }) => quantity !== '0');
}

/** What the AWS side of a link costs. Traffic is paid by use, and so are logs and the other gateway of a transit gateway; they are not counted. */
export function linkCosts({ aws }: Environment, { names, discovery }: Link, book: AwsPrices | undefined): CostItem[] {
  const rates = ratesOf(aws.region, book);
  const hours = rates?.hoursPerMonth ?? 0;
  const { keys, alarms, connections, secrets, resolverAddresses } = PIECES.link;
  return [
    pieces('VPN connections', connections, rates?.vpnHour, rates, hours),
    ...(names === undefined
      ? []
      : [
          pieces('Resolver addresses', resolverAddresses, rates?.resolverHour, rates, hours),
          pieces('hosted zones', 1, rates?.zoneMonth, rates),
        ]),
    ...(discovery === undefined
      ? []
      : [
          pieces('servers of Consul', discovery.servers, rates?.instanceHour[discovery.instanceType], rates, hours),
          pieces('GiB of root volumes', discovery.servers * PIECES.discovery.rootGiB, rates?.volumeGiB, rates),
        ]),
    pieces('secrets', secrets, rates?.secretMonth, rates),
    pieces('KMS keys', keys, rates?.keyMonth, rates),
    pieces(
      'CloudWatch alarms',
      alarms + (discovery === undefined ? 0 : PIECES.discovery.alarms),
      rates?.alarmMonth,
      rates,
    ),
  ];
}

/**
 * What the cluster of an environment costs, with its fleet from the minimum to the maximum, at the price of the preferred type. Heartbeats
 * and requests of workers that wait are counted; jobs, storage, traffic, metrics and logs are paid by use, and are not.
 */
export function fleetCosts({ aws, cluster }: Environment, book: AwsPrices | undefined): CostItem[] {
  const { capacity, instances, queues } = cluster;
  const rates = ratesOf(aws.region, book);
  const [type] = instances.types;
  const hour = type === undefined ? undefined : rates?.instanceHour[type];
  const of = type === undefined ? 'by requirements' : `of type ${type}`;
  const { minimum, maximum, spotSharePercent } = capacity;
  const spot = (count: number): number => ((count - Math.min(count, capacity.onDemandBase)) * spotSharePercent) / 100;
  const hours = rates?.hoursPerMonth ?? 0;
  /** A part that grows with the fleet, at a price a unit in US dollars. */
  const growing = (
    what: string,
    units: (count: number) => number,
    price: number | undefined,
    words: (least: number, most: number) => string,
  ): CostItem => {
    const monthly = (count: number): number => units(count) * (price ?? 0) * (rates?.perUsd ?? 0);
    const priced = price !== undefined && rates !== undefined;
    const isPriced = priced ? { least: monthly(minimum), most: monthly(maximum) } : undefined;
    return { what, quantity: words(units(minimum), units(maximum)), monthly: isPriced };
  };
  const range = (least: number, most: number): string => `${round(least)} to ${round(most)} ${of}`;
  const millions =
    (seconds: number, each = 1) =>
    (count: number) =>
      (count * each * hours * 3600) / seconds / 1e6;
  const instanceMonth = hour === undefined ? undefined : hour * hours;
  const spotMonth = instanceMonth === undefined ? undefined : (instanceMonth * (rates?.spotPercent ?? 100)) / 100;
  const queueCount = Object.keys(queues).length;
  const { keys, alarms, trackingAlarms, dashboards } = PIECES.cluster;
  const { scaler } = cluster.scaling;
  const scalerAlarms = scaler === undefined ? 0 : PIECES.scaler.alarms;
  return [
    growing('instances on demand', (count) => count - spot(count), instanceMonth, range),
    growing('Spot instances', spot, spotMonth, range),
    growing(
      'root volumes',
      (count) => count * instances.rootVolumeGiB,
      rates?.volumeGiB,
      () => `${minimum} to ${maximum} of ${instances.rootVolumeGiB} GiB`,
    ),
    pieces('KMS keys', keys, rates?.keyMonth, rates),
    pieces('CloudWatch alarms', alarms + trackingAlarms + scalerAlarms, rates?.alarmMonth, rates),
    pieces('CloudWatch dashboards', dashboards, rates?.dashboardMonth, rates),
    growing(
      'DynamoDB: heartbeats',
      millions(HEARTBEAT_SECONDS),
      rates?.writesMillion,
      () => `${minimum} to ${maximum} instances, one in ${HEARTBEAT_SECONDS} s`,
    ),
    growing(
      'SQS: empty receives',
      millions(POLL_SECONDS, queueCount),
      rates?.requestsMillion,
      () => `${minimum} to ${maximum} instances, one in ${POLL_SECONDS} s to ${counted(queueCount, 'queue')}`,
    ),
    ...(scaler === undefined ? [] : scalerCosts(rates)),
  ].filter(({ quantity }) => !quantity.startsWith('0 to 0 '));
}

/** What the function of a scaler costs; its requests to SQS and DynamoDB are some cents, and not counted. */
function scalerCosts(rates: Rates | undefined): CostItem[] {
  const { giB, seconds, metrics } = SCALER;
  const minutes = (rates?.hoursPerMonth ?? 0) * 60;
  const item = (what: string, quantity: string, price: number | undefined, units: number): CostItem => ({
    ...pieces(what, 1, price, rates, units * minutes),
    quantity,
  });
  return [
    item('Lambda: scaler', `${seconds} s a minute of ${giB * 1024} MiB`, rates?.functionGiBSecond, giB * seconds),
    item('CloudWatch: metrics that the scaler reads', `${metrics} a minute`, rates?.metricsThousand, metrics / 1000),
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

/** @param times - Units a month of each: hours of what is paid by the hour. @default - 1 */
function pieces(what: string, count: number, price: number | undefined, rates: Rates | undefined, times = 1): CostItem {
  const amount = price === undefined || rates === undefined ? undefined : count * price * times * rates.perUsd;
  return { what, quantity: `${count}`, monthly: amount === undefined ? undefined : { least: amount, most: amount } };
}

function round(count: number): number {
  return Math.round(count * 10) / 10;
}
