import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeVpnConnectionsCommand,
  DescribeVpnGatewaysCommand,
  EC2Client,
  GetVpnTunnelReplacementStatusCommand,
  ModifyVpnTunnelOptionsCommand,
  ReplaceVpnTunnelCommand,
} from '@aws-sdk/client-ec2';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { setTunnel } from '../../../lab/aws/vpn/store.ts';
import { ACCOUNT, create, events, REGION, type Rig, rig } from './rig.ts';

const tunnel = (inside: string, more: object = {}) => ({
  TunnelInsideCidr: inside,
  PreSharedKey: 'eight.letters_1',
  ...more,
});
const connection = (options: readonly object[], more: object = {}) => ({
  Type: 'AWS::EC2::VPNConnection',
  Properties: {
    Type: 'ipsec.1',
    ...{ CustomerGatewayId: { Ref: 'Peer' }, VpnGatewayId: { Ref: 'Gateway' } },
    ...{ VpnTunnelOptionsSpecifications: options, ...more },
  },
});
const peer = (IpAddress: string) => ({
  Type: 'AWS::EC2::CustomerGateway',
  Properties: { Type: 'ipsec.1', BgpAsn: 65_010, IpAddress },
});
const gateway = { Type: 'AWS::EC2::VPNGateway', Properties: { Type: 'ipsec.1', AmazonSideAsn: 64_900 } };
const base = { Gateway: gateway, Peer: peer('192.0.2.1') };
const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
const attachment = (id: string) => ({
  Type: 'AWS::EC2::VPCGatewayAttachment',
  Properties: { VpcId: { Ref: 'Vpc' }, VpnGatewayId: { Ref: id } },
});

/** SPEC.md, "Site-to-Site VPN". */
describe('Site-to-Site VPN', () => {
  let lab: Rig;
  let ec2: EC2Client;
  let clock: VirtualClock;
  beforeEach(async () => {
    clock = new VirtualClock({ rate: 1 });
    lab = await rig({ clock });
    ec2 = new EC2Client(lab.config);
  });
  afterEach(() => lab.endpoint.close());

  const realm = () => lab.endpoint.state.realm(ACCOUNT, REGION);
  const status = async (Resources: object) => (await create(lab.cfn, 'vpn', { Resources })).StackStatus;
  const why = async () => JSON.stringify((await events(lab.cfn, 'vpn')).filter((each) => each.includes('FAILED')));
  const only = async () => (await ec2.send(new DescribeVpnConnectionsCommand({}))).VpnConnections![0]!;

  it.each([
    ['an inside range that AWS keeps', [tunnel('169.254.2.0/30'), tunnel('169.254.9.4/30')]],
    ['an inside range that is no /30', [tunnel('169.254.9.0/29'), tunnel('169.254.9.8/30')]],
    ['an inside range elsewhere', [tunnel('10.1.1.0/30'), tunnel('169.254.9.4/30')]],
    ['one inside range twice', [tunnel('169.254.9.4/30'), tunnel('169.254.9.4/30')]],
    ['a key that begins with 0', [tunnel('169.254.9.0/30', { PreSharedKey: '0123456789' }), tunnel('169.254.9.4/30')]],
    ['a key of seven letters', [tunnel('169.254.9.0/30', { PreSharedKey: 'seven77' }), tunnel('169.254.9.4/30')]],
    ['a key with a dash', [tunnel('169.254.9.0/30', { PreSharedKey: 'eight-letters' }), tunnel('169.254.9.4/30')]],
    ['a peer that is dead after 20 s', [tunnel('169.254.9.0/30', { DPDTimeoutSeconds: 20 }), tunnel('169.254.9.4/30')]],
    [
      'a key that is not there',
      [tunnel('169.254.9.0/30', { PreSharedKey: '{{resolve:secretsmanager:tandem/none}}' }), tunnel('169.254.9.4/30')],
    ],
  ])('refuses %s', async (_, options) => {
    expect(await status({ ...base, Connection: connection(options) })).toBe('ROLLBACK_COMPLETE');
    expect(await why()).toContain('Connection CREATE_FAILED');
  });

  it('refuses acceleration and inside ranges of another connection on one gateway', async () => {
    const first = [tunnel('169.254.9.0/30'), tunnel('169.254.9.4/30')];
    expect(await status({ ...base, Connection: connection(first, { EnableAcceleration: true }) })).toBe(
      'ROLLBACK_COMPLETE',
    );
    const Second = connection([tunnel('169.254.9.8/30'), tunnel('169.254.9.4/30')], {
      CustomerGatewayId: { Ref: 'Other' },
    });
    const both = {
      ...base,
      Other: peer('192.0.2.2'),
      First: connection(first),
      Second: { ...Second, DependsOn: 'First' },
    };
    expect((await create(lab.cfn, 'both', { Resources: both })).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await events(lab.cfn, 'both')).toContain('Second CREATE_FAILED');
  });

  it('attaches one gateway to a VPC, which tables then learn from', async () => {
    const Table = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
    const Learns = (DependsOn: string) => ({
      Type: 'AWS::EC2::VPNGatewayRoutePropagation',
      DependsOn,
      Properties: { RouteTableIds: [{ Ref: 'Table' }], VpnGatewayId: { Ref: 'Gateway' } },
    });
    const one = { Vpc: vpc, Gateway: gateway, Table, Attachment: attachment('Gateway'), Learns: Learns('Attachment') };
    expect(await status(one)).toBe('CREATE_COMPLETE');
    const { VpnGateways = [] } = await ec2.send(new DescribeVpnGatewaysCommand({}));
    expect(VpnGateways).toMatchObject([{ AmazonSideAsn: 64_900, VpcAttachments: [{ State: 'attached' }] }]);
    const two = {
      Vpc: vpc,
      Gateway: gateway,
      Second: gateway,
      A: attachment('Gateway'),
      B: { ...attachment('Second'), DependsOn: 'A' },
    };
    expect((await create(lab.cfn, 'two', { Resources: two })).StackStatus).toBe('ROLLBACK_COMPLETE');
    const early = { Vpc: vpc, Gateway: gateway, Table, Learns: Learns('Table') };
    expect((await create(lab.cfn, 'early', { Resources: early })).StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('tells what a gateway does, and takes another key for one tunnel at a time', async () => {
    lab.endpoint.state.realm(ACCOUNT, REGION);
    await new SecretsManagerClient(lab.config).send(
      new CreateSecretCommand({ Name: 'tandem/key', SecretString: 'key.from_the.store' }),
    );
    const reference = '{{resolve:secretsmanager:tandem/key}}';
    const options = [tunnel('169.254.9.0/30', { PreSharedKey: reference }), tunnel('169.254.9.4/30')];
    expect(await status({ ...base, Connection: connection(options) })).toBe('CREATE_COMPLETE');
    const before = await only();
    expect(before.State).toBe('available');
    const [one, two] = before.Options!.TunnelOptions!;
    expect([one?.PreSharedKey, two?.PreSharedKey]).toEqual(['key.from_the.store', 'eight.letters_1']);
    for (const each of [one, two]) setTunnel(realm(), each!.OutsideIpAddress!, { up: true, routes: 3 });
    const states = async () =>
      (await only()).VgwTelemetry!.map(({ Status, AcceptedRouteCount }) => [Status, AcceptedRouteCount]);
    expect(await states()).toEqual([
      ['UP', 3],
      ['UP', 3],
    ]);
    const of = { VpnConnectionId: before.VpnConnectionId!, VpnTunnelOutsideIpAddress: one!.OutsideIpAddress! };
    await ec2.send(new ModifyVpnTunnelOptionsCommand({ ...of, TunnelOptions: { PreSharedKey: 'another.key_of' } }));
    // Its gateway has the old key still.
    expect(await states()).toEqual([
      ['DOWN', 0],
      ['UP', 3],
    ]);
    expect((await only()).Options!.TunnelOptions![0]!.PreSharedKey).toBe('another.key_of');
    await expect(
      ec2.send(new ModifyVpnTunnelOptionsCommand({ ...of, TunnelOptions: { PreSharedKey: '0key.with.zero' } })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(
      ec2.send(new ModifyVpnTunnelOptionsCommand({ ...of, TunnelOptions: { TunnelInsideCidr: '169.254.9.4/30' } })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('changes nothing of a connection that is being changed', async () => {
    await lab.endpoint.close();
    lab = await rig({ clock, stepMilliseconds: 500 });
    ec2 = new EC2Client(lab.config);
    const options = [tunnel('169.254.9.0/30'), tunnel('169.254.9.4/30')];
    expect(await status({ ...base, Connection: connection(options) })).toBe('CREATE_COMPLETE');
    const { VpnConnectionId, Options } = await only();
    const addresses = Options!.TunnelOptions!.map(({ OutsideIpAddress }) => OutsideIpAddress!);
    const change = (at: number) =>
      ec2.send(
        new ModifyVpnTunnelOptionsCommand({
          ...{ VpnConnectionId, VpnTunnelOutsideIpAddress: addresses[at] },
          TunnelOptions: { DPDTimeoutSeconds: 60 },
        }),
      );
    await change(0);
    expect((await only()).State).toBe('modifying');
    await expect(change(1)).rejects.toMatchObject({ name: 'IncorrectState' });
    await clock.advance(60_000);
    expect((await only()).State).toBe('available');
    await change(1);
  });

  it('replaces an end point only where AWS asks before, and tells what is pending', async () => {
    const options = [tunnel('169.254.9.0/30', { EnableTunnelLifecycleControl: true }), tunnel('169.254.9.4/30')];
    expect(await status({ ...base, Connection: connection(options) })).toBe('CREATE_COMPLETE');
    const { VpnConnectionId, Options } = await only();
    const [one, two] = Options!.TunnelOptions!.map(({ OutsideIpAddress }) => OutsideIpAddress!);
    const of = (VpnTunnelOutsideIpAddress: string | undefined) => ({ VpnConnectionId, VpnTunnelOutsideIpAddress });
    setTunnel(realm(), one!, { maintenance: true });
    const pending = async () =>
      (await ec2.send(new GetVpnTunnelReplacementStatusCommand(of(one)))).MaintenanceDetails?.PendingMaintenance;
    expect(await pending()).toBe('available');
    await ec2.send(new ReplaceVpnTunnelCommand({ ...of(one), ApplyPendingMaintenance: true }));
    expect(await pending()).toBe('none');
    await expect(ec2.send(new ReplaceVpnTunnelCommand(of(two)))).rejects.toMatchObject({
      name: 'OperationNotPermitted',
    });
  });

  it('tells CloudWatch each minute which tunnels are up', async () => {
    const options = [tunnel('169.254.9.0/30'), tunnel('169.254.9.4/30')];
    expect(await status({ ...base, Connection: connection(options) })).toBe('CREATE_COMPLETE');
    const { VpnConnectionId, Options } = await only();
    setTunnel(realm(), Options!.TunnelOptions![0]!.OutsideIpAddress!, { up: true });
    const StartTime = new Date(clock.now());
    await clock.advance(180_000);
    const { MetricDataResults = [] } = await new CloudWatchClient(lab.config).send(
      new GetMetricDataCommand({
        ...{ StartTime, EndTime: new Date(clock.now() + 60_000) },
        MetricDataQueries: [
          {
            Id: 'up',
            MetricStat: {
              ...{ Stat: 'Average', Period: 60 },
              Metric: {
                ...{ Namespace: 'AWS/VPN', MetricName: 'TunnelState' },
                Dimensions: [{ Name: 'VpnId', Value: VpnConnectionId }],
              },
            },
          },
        ],
      }),
    );
    expect(MetricDataResults[0]?.Values?.length).toBeGreaterThan(0);
    expect(new Set(MetricDataResults[0]?.Values)).toEqual(new Set([0.5]));
  });
});
