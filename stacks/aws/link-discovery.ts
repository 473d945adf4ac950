import { CfnParameter, Fn } from 'aws-cdk-lib';
import type { PortAmong } from '../../lib/aws/fleet-launch-template.ts';
import { LinkDiscovery } from '../../lib/aws/link-discovery.ts';
import { architectureOf } from '../../lib/aws-model/ec2/type-names.ts';
import { CONSUL_PORTS } from '../../lib/components/consul/ports.ts';
import { type LinkDiscovery as Asked, linkDiscovery } from '../../lib/config/link/discovery.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import type { BootSecretsNote } from '../../lib/stack/boot-secrets-note.ts';
import { consulFilesOf } from './consul-files.ts';
import type { LinkInputs } from './link-inputs.ts';
import { consulArchives } from './publish.ts';
import type { TandemAwsStack } from './tandem-aws-stack.ts';

/** The servers of Consul on AWS, where the link has discovery. */
export function discoveryOf(
  stack: TandemAwsStack,
  { link, environment: { value: environment } }: LinkInputs,
  { vpcId, subnetIds }: { readonly vpcId: string; readonly subnetIds: readonly string[] },
): LinkDiscovery | undefined {
  const asked = linkDiscovery(link);
  if (asked === undefined) return undefined;
  const { instanceType } = asked.environment;
  const architecture = architectureOf(instanceType);
  const image = new CfnParameter(stack, 'Image', {
    type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
    default: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
  });
  const zones = [...stack.availabilityZones].sort();
  return new LinkDiscovery(stack, 'Discovery', {
    ...{ name: stack.prefix, vpcId, instanceType, imageId: image.valueAsString, tags: stack.ownTags },
    places: Array.from({ length: asked.servers }, (_, at) => {
      const place = at % zones.length;
      return { zone: zones[place] ?? '', subnetId: Fn.select(place, [...subnetIds]) };
    }),
    archives: consulArchives(stack, { server: architecture, client: environment.cluster.instances.architecture }),
    files: (addresses) => consulFilesOf(asked, stack.prefix, addresses),
    secrets: secretsOf(asked, link.name),
    ports: portsOf(asked, environment),
  });
}

/** As the components `consul` and `consul-agent` have them. */
export function secretsOf({ trust, environment: { datacenter } }: Asked, link: string) {
  const note = (component: string, names: readonly string[]): Omit<BootSecretsNote, 'parameter'> => ({
    folder: `link/${link}/${datacenter}`,
    needs: {
      [component]: {
        'gossip-key': { of: 'consul', kind: 'key32', trust },
        tls: { of: 'consul', kind: 'certificate', trust, names: [...names] },
      },
    },
  });
  return {
    server: note('consul', [`server.${datacenter}.consul`, 'localhost']),
    client: note('consul-agent', [`client.${datacenter}.consul`]),
  };
}

/** What servers reach, and answer: each other, workers, and the servers of the cloud. In the VPC are only workers, servers, and end points of AWS. */
function portsOf({ cloud }: Asked, { cluster: { network } }: Environment): readonly PortAmong[] {
  const far = cloud.addresses.map((address) => `${address}/32`);
  return [
    ...answered(CONSUL_PORTS.rpc, ['tcp'], [network.cidr, ...far], 'RPC'),
    ...answered(CONSUL_PORTS.lan, ['tcp', 'udp'], [network.cidr], 'Gossip'),
    ...answered(CONSUL_PORTS.wan, ['tcp', 'udp'], [network.cidr, ...far], 'Gossip among data centres'),
  ];
}

/** What a worker reaches: it gossips with all, and asks servers. */
export function agentPorts({ cluster: { network } }: Environment): readonly PortAmong[] {
  const [rpc] = answered(CONSUL_PORTS.rpc, ['tcp'], [network.cidr], 'RPC of Consul');
  return [
    ...(rpc === undefined ? [] : [{ ...rpc, isAnswered: false }]),
    ...answered(CONSUL_PORTS.lan, ['tcp', 'udp'], [network.cidr], 'Gossip of Consul'),
  ];
}

function answered(
  port: number,
  protocols: readonly PortAmong['protocol'][],
  ranges: readonly string[],
  description: string,
): readonly PortAmong[] {
  return ranges.flatMap((cidr) =>
    protocols.map((protocol) => ({ protocol, port, cidr, description, isAnswered: true })),
  );
}
