import { usage } from '../../../actions/errors.ts';
import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, several, takes } from '../../flags.ts';

function parseWanted(given: string): readonly [string, number] {
  const [, blueprint, count] = /^([a-z][a-z0-9-]*)=([1-9]\d{0,3})$/.exec(given) ?? [];
  if (blueprint === undefined || count === undefined)
    throw usage(`got "${given}"`, 'write --for <blueprint>=<count>, e.g. --for di=5');
  return [blueprint, Number(count)];
}

export const cloudCapacityVerb = defineVerb({
  brief: 'Show what still fits after the worst failure, and the hosts that more environments need',
  examples: [
    { command: 'tandem cloud capacity paris' },
    { command: 'tandem cloud capacity paris --for di=5 --for ds=2 --json' },
  ],
  flags: { for: several(parseWanted, 'Additional environments to size for, e.g. di=5', 'BLUEPRINT=N') },
  arguments: takes(maybe(cloudArgument)),
  action: async (context, { for: wanted }, cloud) =>
    (await import('../../../actions/cloud/capacity.ts')).capacity(context, { cloud, wanted: new Map(wanted) }),
  json: {
    format: 'tandem.capacity/1',
    schema: async () => (await import('../../../actions/cloud/schemas/capacity.ts')).capacitySchema,
  },
  render: async (result, _view, { for: wanted = [] }) => {
    const { renderRoom, renderSizing } = await import('../../../private-cloud/placement/render.ts');
    const { cloud, currency, room, growth } = result;
    const what = wanted.map(([blueprint, count]) => `${count} of ${blueprint}`).join(', ');
    return `${renderRoom(cloud, room)}${growth === undefined ? '' : renderSizing(cloud, what, growth, currency)}`;
  },
});
