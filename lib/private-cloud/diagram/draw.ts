import type { Cloud } from '../../config/schema/cloud.ts';
import { counted, plural } from '../../text/plural.ts';
import { type EffectInputs, effectOf, type FailureEffect } from '../failure/effect.ts';
import { describeFailure, type Failure } from '../failure/failures.ts';
import { describeDown } from '../failure/render.ts';
import { paint, type Verdict } from './paint.ts';
import { sceneOf } from './scene.ts';

/**
 * A cloud as SVG, 1,200 px wide: planes with their VIPs, racks with their hosts, services; with what a failure takes away marked.
 * Needs no font but the reader's and follows their light or dark scheme. The same cloud gives the same bytes.
 */
export function drawCloud(cloud: Cloud, inputs: EffectInputs, failure: Failure = []): string {
  const effect = failure.length > 0 ? effectOf(inputs, failure) : undefined;
  const { internal, external } = cloud.vips ?? {};
  const scene = sceneOf({
    model: inputs.model,
    planes: cloud.planes as Readonly<Record<string, Cloud['planes']['internal']>>,
    vips: [
      ...(internal === undefined ? [] : [{ plane: 'internal', ...internal }]),
      ...(external === undefined ? [] : [{ plane: 'external', ...external }]),
    ],
    description: cloud.description ?? '',
    ...(effect === undefined ? {} : { effect }),
  });
  return paint(scene, effect === undefined ? [{ text: sizeOf(inputs), mark: 'healthy' }] : verdictOf(effect));
}

function sizeOf({ model: { topology } }: EffectInputs): string {
  const { racks, hosts, layout } = topology;
  return `${layout}, ${hosts.length} hosts in ${counted(racks.length, 'rack')}`;
}

/** What the failure stops, in two lines. */
function verdictOf(effect: FailureEffect): Verdict[] {
  const { down, reduced, servers, hosts, gaps } = effect;
  const services =
    down.length === 0 ? 'no service is down' : `${describeDown(down)} ${plural(down.length, 'is', 'are')} down`;
  const unplaced = servers.unplaced.length > 0 ? `, ${servers.unplaced.length} of them find no host` : '';
  const fallen =
    servers.fallen === 0
      ? 'no server stops'
      : `${counted(servers.fallen, 'server')} ${plural(servers.fallen, 'stops', 'stop')}${unplaced}`;
  const api = gaps.find(({ service }) => service === 'keystone');
  const gap = api === undefined ? '' : `; the API is predicted not to answer for ${api.seconds.toFixed(1)} s`;
  return [
    {
      text: `If ${describeFailure(effect.failure)} fails: ${services}; ${fallen}`,
      mark: down.length > 0 ? 'failed' : servers.unplaced.length > 0 || reduced.length > 0 ? 'degraded' : 'healthy',
    },
    {
      text: `${countOf(hosts.length, 'host')} without power or network, ${countOf(reduced.length, 'service')} with a member lost${gap}`,
      mark: 'healthy',
    },
  ];
}

function countOf(count: number, noun: string): string {
  return count === 0 ? `no ${noun}s` : counted(count, noun);
}
