import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { PolicyAddition } from '../../lib/aws/endpoint-policies.ts';
import type { Egress } from '../../lib/aws/network-egress.ts';
import { PrivateNetwork } from '../../lib/aws/private-network.ts';
import { endpointsOf } from '../../lib/config/endpoints.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import { ecrImage, programOf } from '../../lib/config/schema/environment-worker.ts';
import { Cidr } from '../../lib/net/cidr.ts';
import { cite } from '../../lib/stack/cite.ts';
import { ref } from '../../lib/stack/config-ref.ts';
import { citeNetwork } from './cite-network.ts';
import { networkParameters } from './network-parameters.ts';
import { type EnvironmentInputs, TandemAwsStack } from './tandem-aws-stack.ts';

/** Network of an environment's analysis cluster. */
export class NetworkStack extends TandemAwsStack {
  readonly network: PrivateNetwork;

  constructor(scope: Construct, inputs: EnvironmentInputs) {
    super(scope, 'network', inputs);
    const { cluster } = inputs.environment.value;
    const { network } = cluster;
    this.network = new PrivateNetwork(this, 'Network', {
      name: this.prefix,
      cidr: Cidr.parse(network.cidr),
      availabilityZones: this.availabilityZones,
      subnetPrefixLength: network.subnetPrefixLength,
      egress: egressOf(network),
      endpoints: endpointsOf(cluster),
      endpointAdditions: additions(cluster),
      flowLogsDays: network.flowLogsDays,
      ipv6: network.ipv6,
    });
    const names = networkParameters(this.prefix);
    const { name: environment } = inputs.environment;
    const from = ref('environment', environment);
    const cidr = from.at('cluster', 'network', 'cidr');
    const zones = from.at('aws', 'zones');
    cite(this.#publish('VpcId', names.vpcId, 'String', [this.network.vpcId]), cidr);
    cite(this.#publish('PrivateSubnetIds', names.privateSubnetIds, 'StringList', this.network.subnetIds), zones);
    const routeTableIds = this.network.routeTables.map((table) => table.attrRouteTableId);
    cite(this.#publish('PrivateRouteTableIds', names.privateRouteTableIds, 'StringList', routeTableIds), zones);
    citeNetwork(this.network, environment, inputs.environment.value.aws.zones);
  }

  #publish(id: string, name: string, type: 'String' | 'StringList', values: readonly string[]): CfnParameter {
    return new CfnParameter(this, id, {
      name,
      type,
      value: values.join(','),
      description: `For the stacks inside this network`,
    });
  }
}

function egressOf({ egress, transitGateway }: Environment['cluster']['network']): Egress {
  if (egress !== 'transit') return { kind: egress };
  if (transitGateway === undefined)
    throw new TypeError('egress "transit" without transitGateway; the schema asks for it');
  return { kind: 'transit', transitGatewayId: transitGateway };
}

/** What the extension of the role, and a container from ECR, need to pass besides. */
function additions({ iam, worker }: Environment['cluster']): PolicyAddition[] {
  const allowed = iam.statements.filter(({ effect }) => effect === 'allow');
  const program = programOf(worker);
  if (program.kind !== 'container') return allowed;
  // Layers come from a bucket of AWS, by addresses that ECR has signed: whoever follows one is no principal of this account (Amazon
  // ECR, "Amazon ECR interface VPC endpoints", minimum permissions for the bucket).
  const { region } = ecrImage(program.image);
  const layers = `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`;
  return [...allowed, { actions: ['s3:GetObject'], resources: [layers], byOthers: true }];
}
