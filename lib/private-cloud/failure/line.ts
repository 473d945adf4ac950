import type { Project } from '../../config/project.ts';
import { firstOf } from '../../text/listed.ts';
import { counted, plural } from '../../text/plural.ts';
import { placeLeases } from '../placement/placement.ts';
import { isSameTimers, SHIPPED_TIMERS } from '../topology/timers.ts';
import { topologyOf } from '../topology/topology.ts';
import { effectOf, type FailureEffect } from './effect.ts';
import { describeFailure } from './failures.ts';
import { compile } from './model.ts';
import { describeDown } from './render.ts';
import { worstFirst } from './report.ts';

/** How long the API did not answer in a drill with the shipped settings, in seconds. */
export type MeasuredOutage = number | undefined;

/** What the failure of a cloud's worst rack would stop. */
export interface Availability {
  /** `paris: if rack b fails: no service is down, servers of 14 leases need an operator or Masakari to move, no server lacks room; predicted API outage 3.6 s`. */
  readonly text: string;
  /** The same without what merely grows with the number of servers: equal texts mean equal availability. */
  readonly essence: string;
}

/** One for each of the clouds with a VIP over several racks. */
export function availabilityOf(
  project: Pick<Project, 'organisation' | 'leases' | 'blueprints' | 'clouds' | 'links'>,
  clouds: readonly string[],
  measured?: MeasuredOutage,
): Availability[] {
  return clouds.flatMap((name) => {
    const cloud = project.clouds.get(name)?.value;
    if (cloud?.vips === undefined || Object.keys(cloud.racks).length < 2) return [];
    const topology = topologyOf(name, cloud);
    const inputs = { model: compile(cloud, topology), placement: placeLeases(project, name) };
    const [worst] = topology.racks.map((rack) => effectOf(inputs, [{ kind: 'rack', name: rack }])).sort(worstFirst);
    // A measurement holds for the times that it was made with.
    const said = isSameTimers(SHIPPED_TIMERS, inputs.model.timers) ? measured : undefined;
    return worst === undefined ? [] : [describe(name, worst, said)];
  });
}

function describe(cloud: string, effect: FailureEffect, measured: MeasuredOutage): Availability {
  const { failure, down, servers, gaps } = effect;
  const stopped =
    down.length === 0 ? 'no service is down' : `${describeDown(down)} ${plural(down.length, 'is', 'are')} down`;
  const stranded = servers.unplaced.filter(({ why }) => why !== 'zone');
  const waiting = servers.unplaced.filter(({ why }) => why === 'zone');
  const parts = [stopped];
  if (servers.hanging > 0)
    parts.push(`${counted(servers.hanging, 'server')} ${plural(servers.hanging, 'hangs', 'hang')}`);
  if (servers.fallen === 0 && servers.hanging === 0) parts.push('no server stops');
  if (servers.leasesMoved.length > 0)
    parts.push(`servers of ${counted(servers.leasesMoved.length, 'lease')} need an operator or Masakari to move`);
  if (waiting.length > 0)
    parts.push(
      `${counted(waiting.length, 'server')} of ${leasesOf(waiting)} wait for zone ${[...new Set(waiting.map(({ zone }) => zone))].join(', ')}`,
    );
  if (servers.fallen > 0)
    parts.push(
      stranded.length === 0
        ? 'no server lacks room'
        : `${counted(stranded.length, 'server')} of ${leasesOf(stranded)} ${plural(stranded.length, 'does', 'do')} not fit`,
    );
  const api = gaps.find(({ service }) => service === 'keystone');
  const gap =
    measured !== undefined
      ? `; measured API outage ${measured.toFixed(1)} s`
      : api === undefined
        ? ''
        : `; predicted API outage ${api.seconds.toFixed(1)} s`;
  const failed = `if ${describeFailure(failure)} fails`;
  const zones = waiting.map(({ zone }) => zone);
  return {
    text: `${cloud}: ${failed}: ${parts.join(', ')}${gap}`,
    essence: JSON.stringify([failed, stopped, namesOf(stranded), [...new Set(zones)].sort(), gap]),
  };
}

/** `6 leases (anna, bruno, carla, dora and 2 more)`. */
function leasesOf(servers: readonly { readonly lease: string }[]): string {
  const names = namesOf(servers);
  return `${counted(names.length, 'lease')} (${firstOf(names, 4)})`;
}

function namesOf(servers: readonly { readonly lease: string }[]): string[] {
  return [...new Set(servers.map(({ lease }) => lease))].sort();
}
