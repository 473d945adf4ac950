import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** Sizes of a fleet that contradict each other: the group's own, those of schedules, and those of the warm pool. */
export function checkEnvironmentCapacity({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...sizes(environment),
    ...purchase(environment),
    ...schedules(environment),
    ...warmPool(environment),
  ]);
}

function sizes({ value, origin }: Entity<Environment>): Problem[] {
  const { minimum, maximum } = value.cluster.capacity;
  const at = origin.at('cluster', 'capacity');
  if (minimum <= maximum) return [];
  return [
    problemAtNearest('capacity-reversed', [
      { at: at.at('minimum'), message: `got ${minimum}; the maximum is ${maximum}`, fix: `write ${maximum} or less` },
      { at: at.at('maximum'), message: `got ${maximum}; the minimum is ${minimum}`, fix: `write ${minimum} or more` },
    ]),
  ];
}

function purchase({ value, origin }: Entity<Environment>): Problem[] {
  const { minimum, maximum, onDemandBase, spotSharePercent } = value.cluster.capacity;
  const at = origin.at('cluster', 'capacity');
  const problems: Problem[] = [];
  if (onDemandBase > maximum) {
    const enough = Math.max(onDemandBase, minimum);
    problems.push(
      problemAtNearest('base-above-maximum', [
        {
          at: at.at('onDemandBase'),
          message: `got ${onDemandBase}; the maximum is ${maximum}`,
          fix: `write ${maximum} or less`,
        },
        {
          at: at.at('maximum'),
          message: `got ${maximum}; onDemandBase is ${onDemandBase}`,
          fix: `write ${enough} or more`,
        },
      ]),
    );
  } else if (spotSharePercent > 0 && onDemandBase === maximum) {
    const why = `all ${maximum} instances are on demand (onDemandBase), so none can be Spot`;
    problems.push(
      problemAtNearest(
        'spot-without-room',
        [
          {
            at: at.at('spotSharePercent'),
            message: `got ${spotSharePercent}; ${why}`,
            fix: 'lower onDemandBase, or write 0',
          },
          {
            at: at.at('onDemandBase'),
            message: `got ${onDemandBase}; ${why}`,
            fix: `write ${Math.max(0, maximum - 1)} or less`,
          },
          { at: at.at('maximum'), message: `got ${maximum}; ${why}`, fix: `write ${maximum + 1} or more` },
        ],
        { severity: 'warning' },
      ),
    );
  }
  if (spotSharePercent > 0 && value.cluster.instances.types.length === 1) {
    const why = 'when its Spot pool is exhausted, all its instances are interrupted at once';
    problems.push(
      problemAtNearest(
        'one-spot-pool',
        [
          {
            at: origin.at('cluster', 'instances', 'types'),
            message: `got one instance type with Spot; ${why}`,
            fix: 'write several types',
          },
          {
            at: at.at('spotSharePercent'),
            message: `got ${spotSharePercent} with one instance type; ${why}`,
            fix: 'write several types in cluster.instances.types, or 0',
          },
        ],
        { severity: 'warning' },
      ),
    );
  }
  return problems;
}

/** A scheduled change that the group does not take is not made, and nobody is told. */
function schedules({ value, origin }: Entity<Environment>): Problem[] {
  const { capacity, scaling } = value.cluster;
  const written = Object.values(scaling.schedules).flatMap((each) => [each.minimum ?? 0, each.maximum ?? 0]);
  return Object.entries(scaling.schedules).flatMap(([name, { minimum, maximum }]) => {
    const at = origin.at('cluster', 'scaling', 'schedules', name);
    const limit = (field: string, got: number, most: number, whose: string, group: Origin, least = most) =>
      problemAtNearest('schedule-outside-capacity', [
        { at: at.at(field), message: `got ${got}; ${whose} is ${most}`, fix: `write ${least} or less` },
        {
          at: group,
          message: `got ${most}; schedule ${name} has ${field} ${got}`,
          fix: `write ${group.path.includes('schedules') ? got : Math.max(...written)} or more`,
        },
      ]);
    const group = origin.at('cluster', 'capacity', 'maximum');
    const own = maximum ?? Number.POSITIVE_INFINITY;
    const problems: Problem[] = [];
    if (maximum !== undefined && maximum > capacity.maximum) {
      const whose = 'the maximum of the fleet, which its network is made for,';
      problems.push(limit('maximum', maximum, capacity.maximum, whose, group));
    }
    if (minimum !== undefined && minimum > capacity.maximum) {
      const whose = 'the maximum of the fleet';
      problems.push(limit('minimum', minimum, capacity.maximum, whose, group, Math.min(own, capacity.maximum)));
    } else if (minimum !== undefined && minimum > own) {
      problems.push(limit('minimum', minimum, own, 'the maximum of the schedule', at.at('maximum')));
    }
    const fewest = Math.min(
      capacity.minimum,
      ...Object.values(scaling.schedules).map((each) => each.minimum ?? Number.POSITIVE_INFINITY),
    );
    if (minimum === undefined && maximum !== undefined && maximum < fewest && fewest <= capacity.maximum) {
      const message = `got ${maximum}; the minimum of the fleet is never below ${fewest}`;
      problems.push(at.at('maximum').problem('schedule-outside-capacity', message, `write ${fewest} or more`));
    }
    return problems;
  });
}

function warmPool(environment: Entity<Environment>): Problem[] {
  const { value, origin } = environment;
  const { minimum: fewest, maximum, warmPool: pool } = value.cluster.capacity;
  if (pool === undefined) return [];
  const at = origin.at('cluster', 'capacity', 'warmPool');
  const { minimum, preparedCapacity } = pool;
  if (preparedCapacity === undefined) {
    const most = Math.max(minimum, maximum - fewest);
    const message = `got a pool of ${minimum} or more; without preparedCapacity, EC2 Auto Scaling prepares up to the maximum of the fleet, ${most} instances beside the ${fewest} of its minimum`;
    const fix = `write preparedCapacity: ${Math.min(maximum, fewest + minimum)}, or ${maximum} to keep as many`;
    return [at.problem('unbounded-warm-pool', message, fix, { key: true })];
  }
  const spot = spotInPool(environment);
  if (preparedCapacity > Math.max(maximum, minimum)) {
    const why = 'what is prepared beyond it is paid for and never in service';
    return [
      ...spot,
      problemAtNearest('warm-pool-too-large', [
        {
          at: at.at('preparedCapacity'),
          message: `got ${preparedCapacity}; the maximum of the fleet is ${maximum}, and ${why}`,
          fix: `write ${Math.max(maximum, minimum)} or less`,
        },
        {
          at: origin.at('cluster', 'capacity', 'maximum'),
          message: `got ${maximum}; capacity.warmPool.preparedCapacity is ${preparedCapacity}, and ${why}`,
          fix: `write ${preparedCapacity} or more, or lower preparedCapacity`,
        },
      ]),
    ];
  }
  if (minimum <= preparedCapacity) return spot;
  return [
    ...spot,
    problemAtNearest('warm-pool-too-large', [
      {
        at: at.at('minimum'),
        message: `got ${minimum}; preparedCapacity is ${preparedCapacity}`,
        fix: `write ${preparedCapacity} or less`,
      },
      {
        at: at.at('preparedCapacity'),
        message: `got ${preparedCapacity}; the pool has ${minimum} or more`,
        fix: `write ${minimum} or more`,
      },
    ]),
  ];
}

/** Warm pools take mixed instances since November 2025; that they hold Spot instances is written nowhere. */
function spotInPool({ value, origin }: Entity<Environment>): Problem[] {
  const { spotSharePercent, warmPool } = value.cluster.capacity;
  const at = origin.at('cluster', 'capacity');
  if (warmPool === undefined || spotSharePercent === 0) return [];
  const why = 'AWS documents no warm pool that holds Spot instances, and may refuse it';
  return [
    problemAtNearest(
      'warm-pool-with-spot',
      [
        {
          at: at.at('warmPool'),
          message: `got a warm pool; ${spotSharePercent} % of the instances are Spot, and ${why}`,
          fix: 'remove it, or write spotSharePercent: 0',
        },
        {
          at: at.at('spotSharePercent'),
          message: `got ${spotSharePercent} with a warm pool; ${why}`,
          fix: 'write 0, or remove warmPool',
        },
      ],
      { severity: 'warning' },
    ),
  ];
}
