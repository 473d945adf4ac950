import { z } from 'zod';
import type { Described } from '../../text/described.ts';
import type { FleetView } from '../view.ts';
import type { Measured } from './measure.ts';

/** What of a limit is used, and what is left. */
export const limitSchema = z.strictObject({
  name: z.string(),
  used: z.number().nullable(),
  limit: z.number().nullable(),
  left: z.number(),
});

export type Limit = Described<typeof limitSchema>;

/** A standard queue's messages that are received and not deleted yet. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_IN_FLIGHT = 120_000;

/** What is left of each limit. Pure. @param addresses - Free ones by zone */
export function limitsOf(
  { group }: FleetView,
  { onDemand, spot, queues }: Measured,
  addresses: Readonly<Record<string, number>>,
): Limit[] {
  const vcpus = (name: string, { used, quota }: Measured['spot']): Limit[] =>
    quota === undefined ? [] : [limit(name, used ?? 0, quota)];
  return [
    limit('instances of the group', group.desired, group.maximum),
    ...vcpus('vCPUs on demand', onDemand),
    ...vcpus('vCPUs of Spot', spot),
    ...Object.entries(addresses)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([zone, left]): Limit => ({ name: `addresses in ${zone}`, used: null, limit: null, left })),
    ...queues.map(({ name, running }) => limit(`jobs in flight of ${name}`, running, MOST_IN_FLIGHT)),
  ];
}

function limit(name: string, used: number, most: number): Limit {
  return { name, used, limit: most, left: Math.max(0, most - used) };
}
