import { AwsError } from '../aws-error.ts';
import { isObject, listOf, strings, text } from '../json.ts';
import { checkInside, optionsOf } from '../vpn/options.ts';
import { addConnection, vpnConnections } from '../vpn/store.ts';
import { property, simple, withId } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const ec2 = (name: string): string => `AWS::EC2::${name}`;

/** Quotas: vpn/latest/s2svpn/vpn-limits.html */
const PER_GATEWAY = 10;

function checkConnection(making: Making): void {
  const { properties, realm } = making;
  const [own, transit] = [text(properties['VpnGatewayId']), text(properties['TransitGatewayId'])];
  if ((own === undefined) === (transit === undefined))
    throw new AwsError('InvalidParameterCombination', 'Specify one of VpnGatewayId and TransitGatewayId');
  if (transit === undefined && text(properties['EnableAcceleration']) === 'true')
    throw new AwsError('InvalidParameterCombination', 'Acceleration is not supported on a virtual private gateway');
  const gateway = own ?? transit ?? '';
  const others = realm.ofType(ec2('VPNConnection')).filter(({ properties: each }) => each['VpnGatewayId'] === own);
  if (own !== undefined && others.length >= PER_GATEWAY)
    throw new AwsError('VpnConnectionLimitExceeded', `The maximum number of VPN connections of ${own} is reached`);
  checkInside(realm, gateway, tunnelsOf(making));
}

function tunnelsOf({ properties, realm }: Making) {
  const specifications = listOf(properties['VpnTunnelOptionsSpecifications']).filter(isObject);
  if (specifications.length !== 2)
    throw new AwsError('ValidationError', 'lab/aws makes a VPN connection with the options of both its tunnels');
  return specifications.map((each) => optionsOf(realm, each));
}

/** Site-to-Site VPN. SPEC.md, "Site-to-Site VPN". */
export const vpnTypes: readonly ResourceType[] = [
  simple(ec2('VPNGateway'), { id: withId('vgw'), attributes: (_, id) => ({ VPNGatewayId: id }) }),
  simple(ec2('CustomerGateway'), {
    id: withId('cgw'),
    attributes: (_, id) => ({ CustomerGatewayId: id }),
    make: ({ realm, properties }) => {
      const same = realm
        .ofType(ec2('CustomerGateway'))
        .find((each) => each.properties['IpAddress'] === properties['IpAddress']);
      if (same !== undefined)
        throw new AwsError('AlreadyExists', `customer gateway ${same.physicalId} has this address already`);
    },
  }),
  {
    type: ec2('VPNConnection'),
    create: (making) => {
      checkConnection(making);
      const physicalId = withId('vpn')(making);
      addConnection(making.realm, physicalId, tunnelsOf(making));
      return { physicalId, attributes: { VpnConnectionId: physicalId } };
    },
    remove: ({ physicalId }, realm) => {
      vpnConnections(realm).delete(physicalId);
    },
  },
  simple(ec2('VPNGatewayRoutePropagation'), {
    id: (making) => making.name(128),
    attributes: (_, id) => ({ Id: id }),
    check: ({ realm, properties }) => {
      const tables = strings(properties['RouteTableIds']).map((id) => realm.find(ec2('RouteTable'), id));
      const attached = realm
        .ofType(ec2('VPCGatewayAttachment'))
        .filter((each) => each.properties['VpnGatewayId'] === properties['VpnGatewayId'])
        .map((each) => each.properties['VpcId']);
      for (const table of tables)
        if (!attached.includes(table?.properties['VpcId'] ?? ''))
          throw new AwsError(
            'Gateway.NotAttached',
            `resource ${property({ properties } as Making, 'VpnGatewayId')} is not attached to the VPC of ${table?.physicalId ?? ''}`,
          );
    },
  }),
];

/** A VPC has one VPN gateway, and a gateway one VPC. */
export function checkAttachment({ realm, properties }: Making): void {
  const gateway = properties['VpnGatewayId'];
  if (gateway === undefined) return;
  for (const other of realm.ofType(ec2('VPCGatewayAttachment'))) {
    if (other.properties['VpnGatewayId'] === undefined) continue;
    if (other.properties['VpcId'] !== properties['VpcId'] && other.properties['VpnGatewayId'] !== gateway) continue;
    if (other.properties['VpcId'] === properties['VpcId'] && other.properties['VpnGatewayId'] === gateway) continue;
    throw new AwsError(
      'VpnGatewayAttachmentLimitExceeded',
      'The maximum number of virtual private gateway attachments has been reached.',
    );
  }
}
