import type { Project } from '../../config/project.ts';
import type { Environment } from '../../config/schema/environment.ts';
import type { Change, Impact } from '../../plan/model.ts';
import { counted } from '../../text/plural.ts';

type Cluster = Environment['cluster'];

/** What happens to the fleet of an environment. What runs varies: at most the maximum that was deployed. */
export function fleetImpact(fleet: string, changes: readonly Change[], before: Project, after: Project): Impact[] {
  const old = before.environments.get(fleet)?.value.cluster;
  if (old === undefined) return [];
  const { minimum, maximum } = old.capacity;
  const running = `${minimum} to ${maximum} instances`;
  const group = changes.find(({ type }) => type === 'AWS::AutoScaling::AutoScalingGroup');
  const isReplaced =
    group?.action === 'replace' ||
    group?.reasons.some((reason) => reason.includes('AutoScalingReplacingUpdate')) === true;
  if (group?.action === 'delete' || isReplaced) {
    const then = isReplaced ? `; a new group starts with ${minimum}` : '';
    const minutes = drainMinutes(old);
    const text = `the group is ${isReplaced ? 'replaced' : 'deleted'}: all of its ${running} end at once, each when its jobs are done or ${minutes} min after its last sign of life${then}`;
    return [{ fleet, replaced: maximum, old: 0, batchPercent: 100, minutes, text }];
  }
  const now = after.environments.get(fleet)?.value.cluster ?? old;
  const rolling = group?.reasons.find((reason) => reason.includes('AutoScalingRollingUpdate'));
  if (rolling !== undefined && group !== undefined) return [rolled(fleet, rolling, old, now)];
  const refresh = group?.reasons.find((reason) => reason.includes('AutoScalingInstanceRefresh'));
  if (refresh !== undefined) return [refreshed(fleet, refresh, old, now)];
  return [...staying(fleet, changes, old, now), ...shrinking(fleet, old, now)];
}

/** What CloudFormation rolls by itself, where the group's update policy says so. */
function rolled(fleet: string, reason: string, old: Cluster, now: Cluster): Impact {
  const { maximum, minimum } = old.capacity;
  const atOnce = Number(/replaced, (\d+) at once/.exec(reason)?.[1] ?? 1);
  const { words, each, minutes } = batchesOf(maximum, Math.max(1, atOnce), now);
  const text = `${minimum} to ${maximum} instances are replaced, ${atOnce} at once: at most ${words} x ${each}`;
  const batchPercent = Math.round((Math.min(atOnce, maximum) / maximum) * 100);
  return { fleet, replaced: maximum, old: 0, batchPercent, minutes, text };
}

/** An instance refresh that CloudFormation starts: as many at once as may be missing, or above, and as many batches as that takes. */
function refreshed(fleet: string, reason: string, old: Cluster, now: Cluster): Impact {
  const { maximum, minimum } = old.capacity;
  const [, least = 100, most = 110] = (/with (\d+) to (\d+) %/.exec(reason) ?? []).map(Number);
  const batchPercent = Math.max(1, most - least);
  const size = Math.max(1, Math.floor((maximum * batchPercent) / 100));
  const { words, each, minutes } = batchesOf(maximum, size, now);
  const what = reason.includes('root volumes') ? 'get new root volumes' : 'are replaced';
  const text = `${minimum} to ${maximum} instances ${what} by an instance refresh, ${size} at once: at most ${words} x ${each}, and the deploy waits for it`;
  return { fleet, replaced: maximum, old: 0, batchPercent, minutes, text };
}

/** Instances that run keep the template, the configuration and the user data that they were launched with. */
function staying(fleet: string, changes: readonly Change[], old: Cluster, now: Cluster): Impact[] {
  const what = [
    ...(changes.some(({ type }) => type === 'AWS::EC2::LaunchTemplate') ? ['launch template'] : []),
    ...(changes.some(isTypes) ? ['choice of instance types'] : []),
    ...(changes.some(isOrders) ? ['configuration of their worker'] : []),
  ];
  if (what.length === 0) return [];
  const { minimum, maximum } = old.capacity;
  const text = `no instance is replaced; ${minimum} to ${maximum} that run keep the old ${what.join(' and ')} until they are replaced, ${replacement(now, maximum)}`;
  return [{ fleet, replaced: 0, old: maximum, batchPercent: null, minutes: null, text }];
}

/** How long replacing all would take by the settings: batches x (start + warm-up), as far as each takes its time limit. */
function replacement(cluster: Cluster, maximum: number): string {
  const percent = cluster.health.maximumHealthyPercent - cluster.health.minimumHealthyPercent;
  const size = Math.max(1, Math.floor((maximum * percent) / 100));
  const { count, words, each, minutes } = batchesOf(maximum, size, cluster);
  return `which takes ${words} of ${percent} % and at most ${minutes} min (${count} x ${each})`;
}

/** Batches of so many instances, one after the other, each as long as the settings let it take. */
function batchesOf(maximum: number, size: number, { health, scaling }: Cluster) {
  const count = Math.ceil(maximum / size);
  const minutes = Math.ceil((count * (health.startupSeconds + scaling.warmupSeconds)) / 60);
  const each = `(${health.startupSeconds} s start + ${scaling.warmupSeconds} s warm-up)`;
  return { count, words: counted(count, 'batch', 'batches'), each, minutes };
}

/** A maximum below what runs ends instances at once. */
function shrinking(fleet: string, old: Cluster, now: Cluster): Impact[] {
  const less = old.capacity.maximum - now.capacity.maximum;
  if (less <= 0) return [];
  const text = `up to ${counted(less, 'instance')} above the new maximum of ${now.capacity.maximum} end at once, each when its jobs are done`;
  return [{ fleet, replaced: less, old: 0, batchPercent: null, minutes: drainMinutes(old), text }];
}

function drainMinutes({ health }: Cluster): number {
  return Math.ceil(health.drainHeartbeatSeconds / 60);
}

function isTypes({ type, attributes }: Change): boolean {
  return (
    type === 'AWS::AutoScaling::AutoScalingGroup' &&
    attributes.some(({ path }) =>
      /^MixedInstancesPolicy\.(?:LaunchTemplate\.Overrides|InstancesDistribution)/.test(path),
    )
  );
}

/** Workers read them when they start. */
function isOrders({ type, address }: Change): boolean {
  return type === 'AWS::SSM::Parameter' && /Orders[0-9A-F]{8}$/.test(address);
}
