import { AwsError } from '../aws-error.ts';
import { covers, prefixOf } from '../cloudformation/cidr.ts';
import type { JsonObject } from '../json.ts';
import { isObject, member, text } from '../json.ts';
import { secretValue } from '../secretsmanager/store.ts';
import type { Realm } from '../world.ts';
import { type TunnelOptions, vpnConnections } from './store.ts';

/** Members that are written otherwise where they are told, by what CloudFormation and the calls take. */
const TOLD: Readonly<Record<string, string>> = {
  DPDTimeoutAction: 'DpdTimeoutAction',
  DPDTimeoutSeconds: 'DpdTimeoutSeconds',
  IKEVersions: 'IkeVersions',
};

/** AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html */
const RESERVED = [
  ...['169.254.0.0/30', '169.254.1.0/30', '169.254.2.0/30', '169.254.3.0/30'],
  ...['169.254.4.0/30', '169.254.5.0/30', '169.254.169.252/30'],
];
const DEFAULTS: JsonObject = { DpdTimeoutSeconds: 40, DpdTimeoutAction: 'clear', StartupAction: 'add' };

/** Options as somebody gives them, over those that a tunnel has. @throws AwsError as EC2 refuses them */
export function optionsOf(realm: Realm, given: JsonObject, before: TunnelOptions = DEFAULTS): TunnelOptions {
  const options = { ...before };
  for (const [name, value] of Object.entries(given)) {
    if (name === 'PreSharedKey') options[name] = keyOf(realm, text(value) ?? '');
    else if (name === 'LogOptions') options[name] = { CloudWatchLogOptions: logOptions(value) };
    else options[TOLD[name] ?? name] = value;
  }
  const seconds = Number(text(options['DpdTimeoutSeconds']));
  if (!(seconds >= 30)) throw refused(`Invalid DPD timeout ${seconds}: it must be 30 seconds or more`);
  return options;
}

function logOptions(value: unknown): JsonObject {
  if (!isObject(value)) return {};
  return { ...member(value, 'CloudwatchLogOptions'), ...member(value, 'CloudWatchLogOptions') };
}

/** A key, or a reference to one: CloudFormation hands it on without its value in the template. */
function keyOf(realm: Realm, written: string): string {
  const name = /^\{\{resolve:secretsmanager:([^:}]+)(?::SecretString:*)?\}\}$/.exec(written)?.[1];
  const key = name === undefined ? written : secretValue(realm, name);
  if (!/^(?!0)[A-Za-z0-9._]{8,64}$/.test(key))
    throw refused(
      'The pre-shared key must have 8 to 64 letters, digits, periods and underscores, and not begin with 0',
    );
  return key;
}

/** An inside range is a /30 that AWS does not keep, and that no other tunnel of the same gateway has. */
export function checkInside(realm: Realm, gateway: string, options: readonly TunnelOptions[], own?: string): void {
  const taken = [...vpnConnections(realm).values()]
    .filter(({ id }) => id !== own && gatewayOf(realm, id) === gateway)
    .flatMap(({ tunnels }) => tunnels.map(({ options: each }) => text(each['TunnelInsideCidr'])));
  for (const each of options) {
    const inside = text(each['TunnelInsideCidr']);
    if (inside === undefined) throw new AwsError('ValidationError', 'lab/aws makes up no TunnelInsideCidr');
    if (prefixOf(inside) !== 30 || !covers('169.254.0.0/16', inside) || RESERVED.includes(inside))
      throw refused(`Invalid tunnel inside CIDR ${inside}`);
    if (taken.includes(inside)) throw refused(`The tunnel inside CIDR ${inside} is already in use`);
    taken.push(inside);
  }
}

/** Gateway on AWS's side of a connection. */
export function gatewayOf(realm: Realm, connection: string): string | undefined {
  const found = realm.find('AWS::EC2::VPNConnection', connection)?.properties ?? {};
  return text(found['VpnGatewayId']) ?? text(found['TransitGatewayId']);
}

const refused = (why: string): AwsError => new AwsError('InvalidParameterValue', why);
