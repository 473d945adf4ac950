import { GATEWAY_TIER } from '../../components/link-gateway/software.ts';
import { majorityOf } from '../../config/majority.ts';
import { blueprintOf, linkOf, type Project } from '../../config/project.ts';
import { GATEWAYS } from '../../config/schema/link.ts';
import type { Change, Impact } from '../../plan/model.ts';
import type { StackId } from '../../stack/id.ts';
import { counted } from '../../text/plural.ts';

/** Servers that are down a moment (`rebooted`) or lose their root disk. */
type Effect = 'destroyed' | 'replaced' | 'rebuilt' | 'rebooted';

const EFFECTS: readonly Effect[] = ['destroyed', 'replaced', 'rebuilt', 'rebooted'];

/** What happens to the servers of a lease, tier by tier, and which tier loses the majority of its members meanwhile. */
export function leaseImpact(id: StackId, lease: string, changes: readonly Change[], before: Project): Impact[] {
  const leased = before.leases.get(lease);
  const old = leased?.value;
  const blueprint = leased === undefined ? undefined : blueprintOf(before, leased)?.value;
  if (old === undefined || blueprint === undefined) return [];
  return serverImpact(id, changes, (tier) => old.tiers[tier]?.count ?? blueprint.tiers[tier]?.count);
}

/** The same of a link's gateways, and of its servers of Consul. */
export function linkImpact(id: StackId, cloud: string, changes: readonly Change[], before: Project): Impact[] {
  const link = linkOf(before.links, cloud);
  if (link === undefined) return [];
  return serverImpact(id, changes, (tier) => (tier === GATEWAY_TIER ? GATEWAYS : link.value.discovery?.servers));
}

/** @param countOf servers of a tier before the change, where that is known */
function serverImpact(
  id: StackId,
  changes: readonly Change[],
  countOf: (tier: string) => number | undefined,
): Impact[] {
  const affected = changes.flatMap((change) => {
    const effect = effectOf(change);
    const tier = /\.(.+?)(?:_server)?-\d+$/.exec(change.address)?.[1];
    return effect === undefined || tier === undefined ? [] : [{ effect, tier }];
  });
  if (affected.length === 0) return [];
  const tiers = [...Map.groupBy(affected, ({ tier }) => tier)].map(([tier, own]) => {
    const count = countOf(tier) ?? own.length;
    const parts = EFFECTS.flatMap((effect) => {
      const many = own.filter((each) => each.effect === effect).length;
      return many === 0 ? [] : [`${many} of ${count} ${effect}`];
    });
    return `${tier}: ${parts.join(', ')}${majority(count, own.length)}`;
  });
  const replaced = affected.filter(({ effect }) => effect !== 'rebooted').length;
  const text = `${counted(affected.length, 'server')} at once; ${tiers.join('; ')}`;
  return [{ fleet: id, replaced, old: 0, batchPercent: null, minutes: null, text }];
}

/** Terraform waits for no member of a cluster: what replicates among three servers or more has a majority, or not. */
function majority(count: number, gone: number): string {
  if (count < 3) return '';
  const needed = majorityOf(count);
  return count - gone >= needed
    ? `, a majority of ${needed} stays up`
    : `, fewer than the ${needed} that a quorum needs stay up`;
}

function effectOf({ type, action, reasons }: Change): Effect | undefined {
  if (!type.startsWith('openstack_compute_instance_v')) return undefined;
  if (action === 'delete') return 'destroyed';
  if (action === 'replace') return 'replaced';
  if (action !== 'interrupt') return undefined;
  return reasons.some((reason) => reason.includes('rebuilt')) ? 'rebuilt' : 'rebooted';
}
