import { ownEntry } from '../../../lib/config/own-entry.ts';
import type { Blueprint } from '../../../lib/config/schema/blueprint.ts';

interface Root {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * The root with what Terraform moves instead of destroying and creating it: whatever belongs to a tier or volume that had another name.
 * Moves from where nothing is do nothing, so that the old name may stay in the blueprint.
 */
export function withMoves(root: Root, { tiers }: Pick<Blueprint, 'tiers'>): Record<string, unknown> {
  const isRenamed = Object.values(tiers).some((tier) => [tier, ...Object.values(tier.volumes)].some(wasOther));
  const moved = Object.entries((isRenamed ? root.resource : undefined) ?? {}).flatMap(([type, byName]) =>
    Object.keys(byName).flatMap((name) => {
      const before = nameBefore(name, tiers);
      return before === name ? [] : [{ from: `${type}.${before}`, to: `${type}.${name}` }];
    }),
  );
  return moved.length === 0 ? { ...root } : { ...root, moved };
}

function wasOther({ renamedFrom }: { readonly renamedFrom?: string | undefined }): boolean {
  return renamedFrom !== undefined;
}

/** The Terraform name that a resource had: the tier in front, further down the tiers that rules let in, and volumes. */
function nameBefore(name: string, tiers: Blueprint['tiers']): string {
  const [first = '', ...rest] = name.split('_');
  const tier = ownEntry(tiers, first);
  if (tier === undefined) return name;
  const parts = rest.map((part) => {
    const rule = /^((?:tcp|udp)-\d+(?:-\d+)?-from-)(.+)$/.exec(part);
    if (rule !== null) return `${rule[1] ?? ''}${oldName(tiers, rule[2] ?? '')}`;
    const volume = /^((?:volume|attachment)-)(.+)(-\d+)$/.exec(part);
    return volume === null ? part : `${volume[1] ?? ''}${oldName(tier.volumes, volume[2] ?? '')}${volume[3] ?? ''}`;
  });
  return [tier.renamedFrom ?? first, ...parts].join('_');
}

function oldName(named: Readonly<Record<string, { readonly renamedFrom?: string | undefined }>>, name: string): string {
  return ownEntry(named, name)?.renamedFrom ?? name;
}
