import { usage } from '../../../actions/errors.ts';
import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, optional, optionalText, several, takes, wholeNumber } from '../../flags.ts';

function parseWanted(given: string): readonly [string, number] {
  const [, blueprint, count] = /^([a-z][a-z0-9-]*)=([1-9]\d{0,3})$/.exec(given) ?? [];
  if (blueprint === undefined || count === undefined)
    throw usage(`got "${given}"`, 'write --for <blueprint>=<count>, e.g. --for di=5');
  return [blueprint, Number(count)];
}

/** Days of `90d` or `26w`. */
function parseOver(given: string): number {
  const [, count, unit] = /^([1-9]\d{0,3})([dw])$/.exec(given) ?? [];
  const days = Number(count) * (unit === 'w' ? 7 : 1);
  if (count === undefined || days > 731)
    throw usage(`got "${given}"`, 'write days or weeks, e.g. 90d or 26w, at most 2 years');
  return days;
}

function parseRate(given: string): number {
  const rate = Number(given);
  if (given.trim() === '' || Number.isNaN(rate) || rate < 0 || rate > 10_000)
    throw usage(`got "${given}"`, 'write leases a week, e.g. 2.5, at most 10000');
  return rate;
}

export const cloudCapacityVerb = defineVerb({
  brief: 'Show what still fits after the worst failure, and the hosts that more environments need',
  examples: [
    { command: 'tandem cloud capacity paris' },
    { command: 'tandem cloud capacity paris --for di=5 --for ds=2 --json' },
    { command: 'tandem cloud capacity paris --over 90d', does: 'what becomes of the room as leases end and come' },
    { command: 'tandem cloud capacity paris --over 26w --leases-per-week 20 --hosts 4' },
    { command: 'tandem cloud capacity paris --over 90d --hosts 4 --html capacity.html', does: 'with pictures' },
  ],
  description: [
    'Counts for each zone and flavor the servers that still fit, now and after the worst failure, beside all leases. Asks no cloud.',
    '',
    'With --over, leases are simulated: those of the configuration end when they say, new ones come by chance, as many a week as began in',
    'the last half year by the history of config/dev, and one that finds no room after the worst failure is refused. Where clearly more or',
    'fewer began from month to month, that goes on, for as long as it was seen. All by the model that the counts above stand on; of a',
    'hundred runs, quantiles are told.',
  ].join('\n'),
  flags: {
    for: several(parseWanted, 'Additional environments to size for, e.g. di=5', 'BLUEPRINT=N'),
    over: optional(parseOver, 'How far ahead leases are simulated, e.g. 90d or 26w, at most 2 years', 'DURATION'),
    leasesPerWeek: optional(parseRate, 'With --over, new leases a week; default: as many as began lately', 'N'),
    hosts: optional(wholeNumber(1, 500), 'With --over, also with so many more compute hosts', 'N'),
    html: optionalText('With --over, also write one page with pictures, which needs nothing else', 'FILE'),
    seed: optional(wholeNumber(1, 1_000_000_000), 'With --over, seed of all chance; default: 1', 'N'),
  },
  arguments: takes(maybe(cloudArgument)),
  action: async (context, { for: wanted, over: days, leasesPerWeek: perWeek, hosts: moreHosts, seed, html }, cloud) => {
    if (days === undefined && (perWeek ?? moreHosts ?? seed ?? html) !== undefined)
      throw usage('--leases-per-week, --hosts, --html and --seed are of a simulation', 'add --over, e.g. --over 90d');
    const outlook = days === undefined ? undefined : { days, perWeek, moreHosts, seed, html };
    const { capacity } = await import('../../../actions/cloud/capacity.ts');
    return await capacity(context, { cloud, wanted: new Map(wanted), outlook });
  },
  json: {
    format: 'tandem.capacity/1',
    schema: async () => (await import('../../../actions/cloud/schemas/capacity.ts')).capacitySchema,
  },
  render: async (result, view, { for: wanted = [] }) => {
    const { renderRoom, renderSizing } = await import('../../../private-cloud/placement/render.ts');
    const { cloud, currency, room, growth, outlook } = result;
    const what = wanted.map(([blueprint, count]) => `${count} of ${blueprint}`).join(', ');
    const parts = [renderRoom(cloud, room)];
    if (growth !== undefined) parts.push(renderSizing(cloud, what, growth, currency));
    if (outlook !== undefined)
      parts.push((await import('../../render/cloud-capacity.ts')).renderOutlook(cloud, outlook, view));
    return parts.join('');
  },
});
