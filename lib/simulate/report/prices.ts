import type { FleetDefinition } from '../fleet/definition.ts';
import type { HourPrice } from '../measure/money.ts';

/** What an hour of an instance costs, in US dollars: as `config/prices/aws.yaml` has it for a Region. */
export interface RegionPrices {
  /** On demand, by type. */
  readonly instanceHour: Readonly<Record<string, number>>;
  /** Of Spot, in percent of the price on demand. */
  readonly spotPercent: number;
}

/** @param prices - @default - none has a price */
export function hourPrice(prices: RegionPrices | undefined): HourPrice {
  return (type, purchase) => {
    const onDemand = prices?.instanceHour[type];
    if (prices === undefined || onDemand === undefined) return undefined;
    return purchase === 'spot' ? (onDemand * prices.spotPercent) / 100 : onDemand;
  };
}

/** What an hour of the n-th instance of a fleet costs on average, by its purchase options and its preferred type. */
export function hourOfInstance({ group }: FleetDefinition, priceOf: HourPrice): (nth: number) => number | undefined {
  const mixed = group.MixedInstancesPolicy;
  const type = mixed?.LaunchTemplate?.Overrides?.[0]?.InstanceType ?? '';
  const { OnDemandBaseCapacity: base = 0, OnDemandPercentageAboveBaseCapacity: above = 100 } =
    mixed?.InstancesDistribution ?? {};
  const [onDemand, spot] = [priceOf(type, 'on-demand'), priceOf(type, 'spot')];
  return (nth) => {
    if (onDemand === undefined || spot === undefined || nth <= base) return onDemand;
    return (onDemand * above + spot * (100 - above)) / 100;
  };
}
