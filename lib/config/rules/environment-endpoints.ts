import type { Problem } from '../diagnostic.ts';
import { endpointsOfService, extraServices, GATEWAY_ENDPOINTS, usedEndpoints } from '../endpoints.ts';
import type { Entity } from '../project.ts';
import { type AwsPrices } from '../schema/aws-prices.ts';
import type { Environment } from '../schema/environment.ts';
import { ecrImage, programOf } from '../schema/environment-worker.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** What instances call is reached: by endpoints or by an egress. An endpoint that nothing calls only costs. */
export function checkEnvironmentEndpoints({ environments, awsPrices }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [
    ...missing(environment),
    ...unused(environment, awsPrices?.value),
    ...unreachable(environment),
    ...imageElsewhere(environment),
  ]);
}

function missing({ value, origin }: Entity<Environment>): Problem[] {
  const { endpoints, egress } = value.cluster.network;
  if (endpoints === undefined || egress !== 'none') return [];
  const absent = usedEndpoints(value.cluster).filter((name) => !endpoints.includes(name));
  if (absent.length === 0) return [];
  const why = 'without egress, a worker reaches only endpoints, and it needs these';
  const names = absent.join(', ');
  const at = origin.at('cluster', 'network');
  return [
    problemAtNearest('endpoint-missing', [
      { at: at.at('endpoints'), message: `got ${endpoints.length} endpoints; ${why}: ${names}`, fix: `add ${names}` },
      {
        at: at.at('egress'),
        message: `got "none"; ${why}: ${names}`,
        fix: 'write nat, or endpoints that have them',
      },
    ]),
  ];
}

function unused({ value, origin }: Entity<Environment>, book: AwsPrices | undefined): Problem[] {
  const used = usedEndpoints(value.cluster);
  const zones = value.aws.zones.length;
  const hour = book?.regions[value.aws.region]?.endpointHour;
  const month = book === undefined || hour === undefined ? undefined : Math.round(zones * hour * book.hoursPerMonth);
  const cost = month === undefined ? 'is paid by the hour' : `costs ${month} USD a month`;
  return (value.cluster.network.endpoints ?? []).flatMap((name, index) =>
    used.includes(name) || GATEWAY_ENDPOINTS.has(name)
      ? []
      : [
          origin
            .at('cluster', 'network', 'endpoints', index)
            .problem(
              'endpoint-unused',
              `got "${name}", which no instance of the cluster calls; in ${zones} zones it ${cost}`,
              'remove it, or allow what calls it in cluster.iam',
              { severity: 'warning' },
            ),
        ],
  );
}

function unreachable({ value, origin }: Entity<Environment>): Problem[] {
  if (value.cluster.network.egress !== 'none') return [];
  const services = extraServices(value.cluster).filter((service) => endpointsOfService(service).length === 0);
  if (services.length === 0) return [];
  const why = `without egress, an instance reaches only endpoints, and there is none for ${services.join(', ')}`;
  return [
    problemAtNearest(
      'service-unreachable',
      [
        {
          at: origin.at('cluster', 'iam', 'statements'),
          message: `got actions of ${services.join(', ')}; ${why}`,
          fix: 'remove them, or write cluster.network.egress: nat',
        },
        {
          at: origin.at('cluster', 'network', 'egress'),
          message: `got "none"; cluster.iam allows actions of ${services.join(', ')}, and ${why}`,
          fix: 'write nat',
        },
      ],
      { severity: 'warning' },
    ),
  ];
}

/** An endpoint of ECR reaches the registry of its own Region. */
function imageElsewhere({ value, origin }: Entity<Environment>): Problem[] {
  const program = programOf(value.cluster.worker);
  if (program.kind !== 'container' || value.cluster.network.egress !== 'none') return [];
  const { region } = ecrImage(program.image);
  if (region === value.aws.region) return [];
  const message = `got an image in ${region}; without egress, an instance in ${value.aws.region} reaches the registry of its own Region alone`;
  const fix = `replicate it to ${value.aws.region}, and write the image there`;
  return [origin.at('cluster', 'worker', 'program', 'container', 'image').problem('image-elsewhere', message, fix)];
}
