import type { Problem } from '../diagnostic.ts';
import { architectureOf } from '../instance-types.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';

/** Numbers of a cluster that contradict each other, and instance types that cannot run its image. */
export function checkEnvironmentCluster({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...zones(environment),
    ...capacity(environment),
    ...instances(environment),
    ...jobs(environment),
  ]);
}

function zones({ value, origin }: Entity<Environment>): Problem[] {
  const { zones } = value.aws;
  return zones.flatMap((zone, index) =>
    zones.indexOf(zone) === index
      ? []
      : [
          origin
            .at('aws', 'zones', index)
            .problem('duplicate-zone', `got "${zone}" a second time; a zone has one subnet`, 'remove it'),
        ],
  );
}

function capacity({ value, origin }: Entity<Environment>): Problem[] {
  const { minimum, maximum, onDemandBase, spotSharePercent } = value.cluster.capacity;
  const at = origin.at('cluster', 'capacity');
  const problems: Problem[] = [];
  if (minimum > maximum) {
    problems.push(
      at
        .at('minimum')
        .problem('capacity-reversed', `got ${minimum}; the maximum is ${maximum}`, `write ${maximum} or less`),
    );
  }
  if (onDemandBase > maximum) {
    problems.push(
      at
        .at('onDemandBase')
        .problem('base-above-maximum', `got ${onDemandBase}; the maximum is ${maximum}`, `write ${maximum} or less`),
    );
  } else if (spotSharePercent > 0 && onDemandBase === maximum) {
    const message = `got ${spotSharePercent}; all ${maximum} instances are on demand (onDemandBase), so none can be Spot`;
    problems.push(
      at
        .at('spotSharePercent')
        .problem('spot-without-room', message, 'lower onDemandBase, or write 0', { severity: 'warning' }),
    );
  }
  if (spotSharePercent > 0 && value.cluster.instances.types.length === 1) {
    const message =
      'got one instance type with Spot; when its Spot pool is exhausted, all its instances are interrupted at once';
    problems.push(
      origin
        .at('cluster', 'instances', 'types')
        .problem('one-spot-pool', message, 'write several types', { severity: 'warning' }),
    );
  }
  return problems;
}

/** More than the list of types may have in common with them. */
const EXAMPLES = {
  arm64: ['c7g.xlarge', 'm7g.xlarge', 'r7g.xlarge', 'c6g.xlarge', 'm6g.xlarge'],
  x86_64: ['c7i.xlarge', 'm7i.xlarge', 'r7i.xlarge', 'c6i.xlarge', 'm6i.xlarge'],
} as const;

function instances({ value, origin }: Entity<Environment>): Problem[] {
  const { types, architecture, imageParameter } = value.cluster.instances;
  const at = origin.at('cluster', 'instances');
  const problems = types.flatMap((type, index) => {
    const own = architectureOf(type);
    if (types.indexOf(type) !== index)
      return [at.at('types', index).problem('duplicate-type', `got "${type}" a second time`, 'remove it')];
    if (own === architecture) return [];
    const message = `got "${type}", which is ${own}; the cluster's image is ${architecture}`;
    return [
      at
        .at('types', index)
        .problem(
          'wrong-architecture',
          message,
          `write a type of ${architecture}, such as ${EXAMPLES[architecture].find((each) => !types.includes(each)) ?? ''}`,
        ),
    ];
  });
  const other = architecture === 'arm64' ? 'x86_64' : 'arm64';
  if (imageParameter.includes(other) && !imageParameter.includes(architecture)) {
    const message = `got an image for ${other}; the cluster's architecture is ${architecture}`;
    problems.push(
      at
        .at('imageParameter')
        .problem('wrong-architecture', message, `write ${imageParameter.replace(other, architecture)}`),
    );
  }
  return problems;
}

/** Seconds; the schema accepts no less. */
const LEAST_VISIBILITY_TIMEOUT = 30;

function jobs({ value, origin }: Entity<Environment>): Problem[] {
  const { queue, worker } = value.cluster;
  const problems: Problem[] = [];
  const retention = queue.retentionDays * 86_400;
  if (worker.timeoutSeconds * queue.maximumReceives > retention) {
    const message = `got ${queue.retentionDays}; ${queue.maximumReceives} deliveries of a job of ${worker.timeoutSeconds} s take longer than that many days, and the job would expire before it reaches the dead-letter queue`;
    const days = Math.ceil((worker.timeoutSeconds * queue.maximumReceives) / 86_400);
    const fix = days <= 14 ? `write ${days} or more` : 'lower queue.maximumReceives or worker.timeoutSeconds';
    problems.push(
      origin
        .at('cluster', 'queue', 'retentionDays')
        .problem('retention-too-short', message, fix, { severity: 'warning' }),
    );
  }
  const longest = Math.max(worker.timeoutSeconds, LEAST_VISIBILITY_TIMEOUT);
  if (queue.visibilityTimeoutSeconds > longest) {
    const message = `got ${queue.visibilityTimeoutSeconds}; no job runs longer than ${worker.timeoutSeconds} s (worker.timeoutSeconds), so that the job of a lost worker is retried later than it could be`;
    problems.push(
      origin
        .at('cluster', 'queue', 'visibilityTimeoutSeconds')
        .problem('visibility-too-long', message, `write ${longest} or less`, { severity: 'warning' }),
    );
  }
  return problems;
}
