import { CfnDeletionPolicy, Fn, Stack } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnLaunchTemplate, CfnNetworkInterface, CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { BOOT_SECRETS, type BootSecretsNote } from '../stack/boot-secrets-note.ts';
import { type ConsulArchive, consulParameters, consulPermissions } from './consul-access.ts';
import { consulBootstrap } from './consul-node.ts';
import { hardened, type PortAmong, rulesAmong } from './fleet-launch-template.ts';
import { managed } from './fleet-role.ts';
import { nameTag } from './name-tag.ts';

/** A file that instances write, with the placeholders of components. */
export interface ConsulFile {
  readonly path: string;
  readonly content: string;
  readonly mode?: string | undefined;
  readonly onChange: 'none' | 'reload' | 'restart';
}

export interface LinkDiscoveryProps {
  /** `acme-prod`: part of the names of all. */
  readonly name: string;
  readonly vpcId: string;
  /** Where each server is: its zone, e.g. `eu-west-3a`, and the private subnet there. */
  readonly places: readonly { readonly zone: string; readonly subnetId: string }[];
  readonly instanceType: string;
  readonly imageId: string;
  /** Of the servers, and of workers that are agents. */
  readonly archives: { readonly server: ConsulArchive; readonly client: ConsulArchive };
  /** Settings of each role, given the servers' addresses, in quotes with commas between. */
  readonly files: (addresses: string) => Readonly<Record<'server' | 'client', readonly ConsulFile[]>>;
  /** What each role needs to get from the project's secrets. */
  readonly secrets: Readonly<Record<'server' | 'client', Omit<BootSecretsNote, 'parameter'>>>;
  readonly ports: readonly PortAmong[];
  /** Of all, volumes and interfaces of instances included. */
  readonly tags: Readonly<Record<string, string>>;
}

/** GiB. Consul keeps its log of Raft and a few snapshots. */
const ROOT_VOLUME = 10;

/** How long the next server waits, after one was replaced: for the machine to boot, Consul to join, and its vote. */
const SETTLE = 'PT5M';

/**
 * Servers of Consul in private subnets: each a group of one, on an interface that outlives its instance, so that what takes its place has its
 * address, which others were told. Groups depend on each other in a chain: an update replaces one server, waits, and goes on with the next.
 * An instance that fails the status checks of EC2 is replaced by its group.
 */
export class LinkDiscovery extends Construct {
  readonly securityGroup: CfnSecurityGroup;
  readonly role: Role;
  readonly interfaces: readonly CfnNetworkInterface[];
  /** One a server: each names its interface. */
  readonly templates: readonly CfnLaunchTemplate[];
  readonly groups: readonly CfnAutoScalingGroup[];
  readonly parameters: readonly CfnParameter[];

  constructor(scope: Construct, id: string, props: LinkDiscoveryProps) {
    super(scope, id);
    const { name, places } = props;
    const { ingress, egress } = rulesAmong(props.ports);
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '0.0.0.0/0' };
    this.securityGroup = new CfnSecurityGroup(this, 'Group', {
      vpcId: props.vpcId,
      groupDescription: `Servers of Consul of ${name}`,
      securityGroupIngress: ingress,
      securityGroupEgress: [{ ...https, description: 'HTTPS as far as the network has routes' }, ...egress],
      tags: [nameTag(`${name}-consul`)],
    });
    this.role = new Role(this, 'Role', {
      description: `Servers of Consul of ${name}`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    const profile = new CfnInstanceProfile(this, 'Profile', { roles: [this.role.roleName] });
    for (const each of [...managed(Stack.of(this)), ...consulPermissions(this, name, 'server', props.archives.server)])
      this.role.addToPolicy(each);
    this.interfaces = places.map(
      ({ subnetId }, at) =>
        new CfnNetworkInterface(this, `Interface${at + 1}`, {
          subnetId,
          groupSet: [this.securityGroup.attrGroupId],
          description: `Server ${at + 1} of Consul of ${name}`,
          tags: [nameTag(`${name}-consul-${at + 1}`)],
        }),
    );
    this.parameters = this.#parameters(props);
    this.templates = this.interfaces.map((each, at) => this.#template(at, each, profile, props));
    this.groups = this.templates.map((each, at) => this.#group(at, each, props));
    for (const [at, group] of this.groups.entries()) {
      const before = this.groups[at - 1];
      if (before !== undefined) group.addResourceDependency(before);
      group.node.addDependency(this.role, ...this.parameters);
    }
  }

  /** What servers and agents run; a change reaches them without another deployment. */
  #parameters({ name, archives, files, secrets }: LinkDiscoveryProps): CfnParameter[] {
    const addresses = this.interfaces.map((each) => each.attrPrimaryPrivateIpAddress);
    const all = files(addresses.map((each) => `"${each}"`).join(', '));
    return (['server', 'client'] as const).map((role) => {
      const own = consulParameters(name, role);
      const { bucket, objectKey: key, sha256 } = archives[role];
      const parameter = new CfnParameter(this, role === 'server' ? 'Server' : 'Client', {
        name: own.settings,
        type: 'String',
        tier: 'Intelligent-Tiering',
        description: `What ${role === 'server' ? 'servers' : 'agents'} of Consul of ${name} run`,
        value: Stack.of(this).toJsonString({
          format: 'tandem.consul/1',
          archive: { bucket: bucket.bucketName, key, sha256 },
          secrets: own.secrets,
          servers: addresses,
          files: all[role],
        }),
      });
      parameter.addMetadata(BOOT_SECRETS, { parameter: own.secrets, ...secrets[role] } satisfies BootSecretsNote);
      return parameter;
    });
  }

  #template(at: number, { attrId }: CfnNetworkInterface, profile: CfnInstanceProfile, props: LinkDiscoveryProps) {
    const name = `${props.name}-consul-${at + 1}`;
    const { region } = Stack.of(this);
    const { settings: parameterName } = consulParameters(props.name, 'server');
    const tags = [nameTag(name), ...Object.entries(props.tags).map(([key, value]) => ({ key, value }))];
    return new CfnLaunchTemplate(this, `Template${at + 1}`, {
      launchTemplateData: {
        imageId: props.imageId,
        instanceType: props.instanceType,
        iamInstanceProfile: { arn: profile.attrArn },
        ...hardened({ metadataHopLimit: 1, rootVolumeGiB: ROOT_VOLUME }),
        networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: attrId, deleteOnTermination: false }],
        userData: Fn.base64(consulBootstrap({ role: 'server', region, parameterName })),
        tagSpecifications: [{ resourceType: 'volume', tags }],
      },
      tagSpecifications: [{ resourceType: 'launch-template', tags }],
    });
  }

  #group(at: number, template: CfnLaunchTemplate, { name, places }: LinkDiscoveryProps): CfnAutoScalingGroup {
    const group = new CfnAutoScalingGroup(this, `Server${at + 1}`, {
      // Its subnet is that of the interface (autoscaling/ec2/userguide/examples-launch-templates-aws-cli.html#example-existing-eni-launch-template).
      availabilityZones: [places[at]?.zone ?? ''],
      minSize: '1',
      maxSize: '1',
      launchTemplate: {
        launchTemplateId: template.attrLaunchTemplateId,
        version: template.attrLatestVersionNumber,
      },
      healthCheckType: 'EC2',
      healthCheckGracePeriod: 60,
      metricsCollection: [{ granularity: '1Minute' }],
      tags: [{ ...nameTag(`${name}-consul-${at + 1}`), propagateAtLaunch: true }],
    });
    group.cfnOptions.updatePolicy = {
      autoScalingRollingUpdate: {
        ...{ minInstancesInService: 0, maxBatchSize: 1, pauseTime: SETTLE },
        suspendProcesses: ['HealthCheck', 'ReplaceUnhealthy', 'AZRebalance', 'AlarmNotification', 'ScheduledActions'],
      },
    };
    group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    return group;
  }
}
