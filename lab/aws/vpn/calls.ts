import { AwsError } from '../aws-error.ts';
import { isObject, text } from '../json.ts';
import type { Realm, Resource } from '../world.ts';
import { checkInside, gatewayOf, optionsOf } from './options.ts';
import { isBusy, isUp, replaceEndPoint, tunnelOf, vpnConnections } from './store.ts';

type Input = Readonly<Record<string, unknown>>;
type Call = (realm: Realm, input: Input) => object;

/** Calls of Site-to-Site VPN, by their names. SPEC.md, "Site-to-Site VPN". */
export const VPN: Readonly<Record<string, Call>> = {
  DescribeVpnConnections: (realm, input) => ({
    VpnConnections: selected(realm, input, {
      ...{
        type: 'VPNConnection',
        ids: 'VpnConnectionIds',
        code: 'InvalidVpnConnectionID.NotFound',
        noun: 'vpnConnection ID',
      },
      filters: { 'vpn-connection-id': 'VpnConnectionId', state: 'State', 'vpn-gateway-id': 'VpnGatewayId' },
      told: ({ physicalId }) => connectionOf(realm, physicalId),
    }),
  }),
  DescribeVpnGateways: (realm, input) => ({
    VpnGateways: selected(realm, input, {
      ...{ type: 'VPNGateway', ids: 'VpnGatewayIds', code: 'InvalidVpnGatewayID.NotFound', noun: 'vpnGateway ID' },
      filters: { 'vpn-gateway-id': 'VpnGatewayId', state: 'State' },
      told: ({ physicalId, properties }) => ({
        ...{ VpnGatewayId: physicalId, State: 'available', Type: 'ipsec.1', Tags: properties['Tags'] },
        AmazonSideAsn: Number(text(properties['AmazonSideAsn']) ?? 64_512),
        VpcAttachments: attachments(realm, physicalId).map((VpcId) => ({ VpcId, State: 'attached' })),
      }),
    }),
  }),
  DescribeCustomerGateways: (realm, input) => ({
    CustomerGateways: selected(realm, input, {
      ...{
        type: 'CustomerGateway',
        ids: 'CustomerGatewayIds',
        code: 'InvalidCustomerGatewayID.NotFound',
        noun: 'customerGateway ID',
      },
      filters: { 'customer-gateway-id': 'CustomerGatewayId', 'ip-address': 'IpAddress', state: 'State' },
      told: ({ physicalId, properties }) => ({
        ...{ CustomerGatewayId: physicalId, State: 'available', Type: 'ipsec.1', Tags: properties['Tags'] },
        ...{ IpAddress: text(properties['IpAddress']), BgpAsn: text(properties['BgpAsn']) },
      }),
    }),
  }),
  ModifyVpnTunnelOptions: modify,
  ReplaceVpnTunnel: replace,
  GetVpnTunnelReplacementStatus: (realm, input) => {
    const [connection, { outsideAddress, maintenance }] = named(realm, input);
    return {
      ...{ VpnConnectionId: connection.id, VpnTunnelOutsideIpAddress: outsideAddress },
      MaintenanceDetails: {
        PendingMaintenance: maintenance.pending ? 'available' : 'none',
        LastMaintenanceApplied: maintenance.appliedAt,
      },
    };
  },
};

function connectionOf(realm: Realm, id: string) {
  const connection = vpnConnections(realm).get(id);
  const { properties = {} } = realm.find('AWS::EC2::VPNConnection', id) ?? {};
  const tunnels = connection?.tunnels ?? [];
  return {
    ...{ VpnConnectionId: id, Type: 'ipsec.1', Category: 'VPN', Tags: properties['Tags'] },
    State: connection !== undefined && isBusy(realm, connection) ? 'modifying' : 'available',
    CustomerGatewayId: text(properties['CustomerGatewayId']),
    VpnGatewayId: text(properties['VpnGatewayId']),
    TransitGatewayId: text(properties['TransitGatewayId']),
    Options: {
      EnableAcceleration: text(properties['EnableAcceleration']) === 'true',
      StaticRoutesOnly: text(properties['StaticRoutesOnly']) === 'true',
      TunnelInsideIpVersion: 'ipv4',
      TunnelOptions: tunnels.map(({ outsideAddress, options }) => ({ OutsideIpAddress: outsideAddress, ...options })),
    },
    VgwTelemetry: tunnels.map((tunnel) => {
      const up = isUp(realm, tunnel);
      return {
        ...{ OutsideIpAddress: tunnel.outsideAddress, Status: up ? 'UP' : 'DOWN', LastStatusChange: tunnel.changedAt },
        ...{ AcceptedRouteCount: up ? tunnel.routes : 0, StatusMessage: up ? `${tunnel.routes} BGP ROUTES` : '' },
      };
    }),
  };
}

/** One tunnel of a connection at a time, and no connection that is being changed. */
function modify(realm: Realm, input: Input): object {
  const [connection, tunnel] = free(realm, input);
  const given = isObject(input['TunnelOptions']) ? input['TunnelOptions'] : {};
  const options = optionsOf(realm, given, tunnel.options);
  const others = connection.tunnels.filter((each) => each !== tunnel).map((each) => each.options);
  checkInside(realm, gatewayOf(realm, connection.id) ?? '', [...others, options], connection.id);
  // A gateway that still has the old key does not come back.
  if (options['PreSharedKey'] !== tunnel.options['PreSharedKey']) tunnel.peer = false;
  tunnel.options = options;
  const names = Object.keys(given).filter((name) => given[name] !== undefined);
  const onlyControl = names.length === 1 && names[0] === 'EnableTunnelLifecycleControl';
  if (!(onlyControl && input['SkipTunnelReplacement'] === true)) replaceEndPoint(realm, tunnel);
  return { VpnConnection: connectionOf(realm, connection.id) };
}

function replace(realm: Realm, input: Input): object {
  const [, tunnel] = free(realm, input);
  if (tunnel.options['EnableTunnelLifecycleControl'] !== true)
    throw new AwsError('OperationNotPermitted', 'Tunnel endpoint lifecycle control is not enabled for the tunnel');
  if (input['ApplyPendingMaintenance'] === true) {
    tunnel.maintenance = { pending: false, appliedAt: realm.world.clock.now() };
  }
  replaceEndPoint(realm, tunnel);
  return { Return: true };
}

function named(realm: Realm, input: Input) {
  return tunnelOf(realm, text(input['VpnConnectionId']) ?? '', text(input['VpnTunnelOutsideIpAddress']) ?? '');
}

function free(realm: Realm, input: Input) {
  const found = named(realm, input);
  const [connection] = found;
  if (isBusy(realm, connection))
    throw new AwsError('IncorrectState', `The vpnConnection ID '${connection.id}' is in modifying state`);
  return found;
}

function attachments(realm: Realm, gateway: string): string[] {
  return realm
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .filter(({ properties }) => properties['VpnGatewayId'] === gateway)
    .map(({ properties }) => text(properties['VpcId']) ?? '');
}

interface Selection {
  readonly type: string;
  /** Parameter that names some. */
  readonly ids: string;
  readonly code: string;
  readonly noun: string;
  /** Member that each filter looks at. */
  readonly filters: Readonly<Record<string, string>>;
  readonly told: (resource: Resource) => Readonly<Record<string, unknown>>;
}

function selected(realm: Realm, input: Input, { type, ids, code, noun, filters, told }: Selection) {
  const all = realm.ofType(`AWS::EC2::${type}`);
  const asked = input[ids] as readonly string[] | undefined;
  for (const id of asked ?? [])
    if (!all.some(({ physicalId }) => physicalId === id))
      throw new AwsError(code, `The ${noun} '${id}' does not exist`);
  const given = (input['Filters'] ?? []) as readonly { readonly Name?: string; readonly Values?: readonly string[] }[];
  const unknown = given.find(({ Name = '' }) => !(Name in filters) && !Name.startsWith('tag:'));
  if (unknown !== undefined)
    throw new AwsError('InvalidParameterValue', `lab/aws does not support the filter '${unknown.Name ?? ''}'`);
  return all
    .filter(({ physicalId }) => asked?.includes(physicalId) ?? true)
    .map(told)
    .filter((each) =>
      given.every(({ Name = '', Values = [] }) =>
        Values.includes((Name.startsWith('tag:') ? tagOf(each, Name.slice(4)) : text(each[filters[Name] ?? ''])) ?? ''),
      ),
    );
}

function tagOf({ Tags = [] }: Readonly<Record<string, unknown>>, key: string): string | undefined {
  return (Tags as readonly { readonly Key: string; readonly Value: string }[]).find(({ Key }) => Key === key)?.Value;
}
