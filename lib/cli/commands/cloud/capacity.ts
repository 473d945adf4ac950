import { buildCommand } from '@stricli/core';
import { usage } from '../../../actions/errors.ts';
import type { Project } from '../../../config/project.ts';
import { noSuchBlueprint } from '../../../dev/errors.ts';
import { noSuchCloud } from '../../../private-cloud/errors.ts';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import { requireProject } from '../../workspace.ts';

type CapacityFlags = CommonFlags & { readonly for?: readonly (readonly [string, number])[] };

async function capacity(this: TandemContext, flags: CapacityFlags, cloud?: string): Promise<void> {
  const { roomLeft } = await import('../../../private-cloud/placement/capacity.ts');
  const { sizingFor } = await import('../../../private-cloud/placement/sizing.ts');
  const { renderSizing, renderRoom } = await import('../../../private-cloud/placement/render.ts');
  const project = requireProject(this);
  const name = cloud ?? project.organisation.value.defaultCloud;
  const wanted = new Map(flags.for ?? []);
  requireKnown(project, name, wanted);
  const { currency } = project.organisation.value;
  const room = roomLeft(project, name);
  const growth = wanted.size === 0 ? undefined : sizingFor(project, name, wanted);
  if (flags.json) {
    this.out(`${JSON.stringify({ format: 'tandem.capacity/1', cloud: name, currency, room, growth }, null, 2)}\n`);
    return;
  }
  this.out(renderRoom(name, room));
  const what = [...wanted].map(([blueprint, count]) => `${count} of ${blueprint}`).join(', ');
  if (growth !== undefined) this.out(renderSizing(name, what, growth, currency));
}

function requireKnown(project: Project, cloud: string, wanted: ReadonlyMap<string, number>): void {
  if (!project.clouds.has(cloud)) throw noSuchCloud(cloud, [...project.clouds.keys()]);
  for (const blueprint of wanted.keys())
    if (!project.blueprints.has(blueprint)) throw noSuchBlueprint(blueprint, [...project.blueprints.keys()]);
}

function parseWanted(text: string): readonly [string, number] {
  const [, blueprint, count] = /^([a-z][a-z0-9-]*)=([1-9]\d{0,3})$/.exec(text) ?? [];
  if (blueprint === undefined || count === undefined)
    throw usage(`got "${text}"`, 'write --for <blueprint>=<count>, e.g. --for di=5');
  return [blueprint, Number(count)];
}

export const cloudCapacityCommand = buildCommand({
  func: capacity,
  parameters: {
    flags: {
      ...commonFlags,
      for: {
        kind: 'parsed',
        parse: parseWanted,
        brief: 'Environments of a blueprint that shall fit too, e.g. di=5',
        optional: true,
        variadic: true,
        placeholder: 'BLUEPRINT=N',
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: "Cloud, the organisation's default if none is named",
          parse: String,
          optional: true,
          placeholder: 'CLOUD',
        },
      ],
    },
  },
  docs: {
    brief: 'Show what still fits after the worst failure, and the hosts that more environments need',
    fullDescription:
      'Examples:\n  tandem cloud capacity paris\n  tandem cloud capacity paris --for di=5 --for ds=2 --json',
  },
});
