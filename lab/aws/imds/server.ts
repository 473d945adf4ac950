import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LifecycleState } from '../../../lib/aws-model/autoscaling-types.ts';
import type { Instance } from '../../../lib/aws-model/ec2-types.ts';
import { iamStore } from '../iam/store.ts';
import { LabInstance } from '../model/instances.ts';
import { noticesOf } from '../model/notices.ts';
import type { Realm } from '../world.ts';

export interface MetadataService {
  /** For `AWS_EC2_METADATA_SERVICE_ENDPOINT`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface MetadataOptions {
  /** @default - any free one */
  readonly port?: number;
  /** Address to answer on. @default 127.0.0.1 */
  readonly host?: string;
  /** Role whose keys it hands out. @default - none: the instance has no profile */
  readonly roleName?: string;
}

interface Answer {
  readonly status: number;
  readonly body?: string;
}

const MOST_TOKEN_SECONDS = 21_600;
const KEY_SECONDS = 6 * 3600;

/** The instance metadata service of one instance, version 2 only, on a port of its own. */
export async function startMetadataService(
  realm: Realm,
  instanceId: string,
  options: MetadataOptions = {},
): Promise<MetadataService> {
  return await startSharedMetadataService(realm, () => instanceId, options);
}

/** The metadata services of several instances on one port: each machine is told of the instance that it is, others of nothing. */
export async function startSharedMetadataService(
  realm: Realm,
  instanceOf: (message: IncomingMessage) => string | undefined,
  { port = 0, host = '127.0.0.1', roleName }: MetadataOptions = {},
): Promise<MetadataService> {
  const services = new Map<string, Metadata>();
  const server = createServer((message, response) => {
    message.resume();
    const id = instanceOf(message);
    const metadata = id === undefined ? undefined : (services.get(id) ?? new Metadata(realm, id, roleName));
    if (id !== undefined && metadata !== undefined) services.set(id, metadata);
    const { status, body = '' } = metadata?.answer(message) ?? { status: 404 };
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  realm.world.onClose(close);
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close };
}

class Metadata {
  readonly #realm: Realm;
  readonly #instance: LabInstance;
  readonly #roleName: string | undefined;
  readonly #tokens = new Map<string, number>();

  constructor(realm: Realm, instanceId: string, roleName: string | undefined) {
    this.#realm = realm;
    this.#instance = new LabInstance(realm, instanceId);
    this.#roleName = roleName;
  }

  answer(message: IncomingMessage): Answer {
    const { world } = this.#realm;
    const path = (message.url ?? '').split('?', 1)[0]?.replace(/\/+$/, '') ?? '';
    if (path === '/latest/api/token') return this.#token(message);
    if (message.method !== 'GET') return { status: 405 };
    const token = message.headers['x-aws-ec2-metadata-token'];
    const expires = typeof token === 'string' ? this.#tokens.get(token) : undefined;
    // Version 1 is off, as the launch template says.
    if (expires === undefined || expires <= world.clock.now()) return { status: 401 };
    const instance = this.#instance.machine;
    const body = instance === undefined ? undefined : this.#value(instance, path);
    return body === undefined ? { status: 404 } : { status: 200, body };
  }

  #token(message: IncomingMessage): Answer {
    if (message.method !== 'PUT') return { status: 405 };
    const { world } = this.#realm;
    const seconds = Number(message.headers['x-aws-ec2-metadata-token-ttl-seconds']);
    if (!(seconds >= 1 && seconds <= MOST_TOKEN_SECONDS)) return { status: 400 };
    const token = Buffer.from(world.ids.hex(42)).toString('base64');
    this.#tokens.set(token, world.clock.now() + seconds * 1000);
    return { status: 200, body: token };
  }

  #value(instance: Instance, path: string): string | undefined {
    const { region, account } = this.#realm;
    const zone = instance.Placement.AvailabilityZone;
    const credentials = '/latest/meta-data/iam/security-credentials';
    const notices = noticesOf(this.#realm);
    const [interruption, rebalance] = [notices.interruptions, notices.rebalances].map((told) =>
      told.get(instance.InstanceId),
    );
    switch (path) {
      case '/latest/meta-data/instance-id':
        return instance.InstanceId;
      case '/latest/meta-data/instance-type':
        return instance.InstanceType;
      case '/latest/meta-data/ami-id':
        return instance.ImageId;
      case '/latest/meta-data/instance-life-cycle':
        return instance.InstanceLifecycle ?? 'on-demand';
      case '/latest/meta-data/local-ipv4':
        return '127.0.0.1';
      case '/latest/meta-data/placement/region':
        return region;
      case '/latest/meta-data/placement/availability-zone':
        return zone;
      case '/latest/meta-data/autoscaling/target-lifecycle-state':
        return targetOf(this.#instance.state);
      case '/latest/meta-data/spot/instance-action':
        return told(interruption, (time) => JSON.stringify({ action: 'terminate', time }));
      case '/latest/meta-data/spot/termination-time':
        return told(interruption, (time) => time);
      case '/latest/meta-data/events/recommendations/rebalance':
        return told(rebalance, (noticeTime) => JSON.stringify({ noticeTime }));
      case '/latest/dynamic/instance-identity/document':
        return JSON.stringify({
          ...{ accountId: account, architecture: 'arm64', availabilityZone: zone, imageId: instance.ImageId },
          ...{ instanceId: instance.InstanceId, instanceType: instance.InstanceType },
          ...{ pendingTime: iso(instance.LaunchTime), privateIp: '127.0.0.1', region, version: '2017-09-30' },
        });
      case credentials:
        return this.#roleName;
      default:
        return path === `${credentials}/${this.#roleName ?? ''}` ? this.#keys(instance) : undefined;
    }
  }

  /** Keys of the instance's role, as a session of it. */
  #keys(instance: Instance): string | undefined {
    const { world, account } = this.#realm;
    const role = iamStore(world, account).roles.get(this.#roleName ?? '');
    if (role === undefined) return undefined;
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = world.newSession(
      account,
      role,
      instance.InstanceId,
      KEY_SECONDS,
    );
    const LastUpdated = iso(world.clock.now());
    return JSON.stringify({
      Code: 'Success',
      LastUpdated,
      Type: 'AWS-HMAC',
      AccessKeyId,
      SecretAccessKey,
      Token: SessionToken,
      Expiration,
    });
  }
}

/** Where the group takes an instance: autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html */
function targetOf(state: LifecycleState): string {
  if (state.startsWith('Warmed:Terminat') || state.startsWith('Terminat')) return 'Terminated';
  if (state.startsWith('Warmed:')) return state.startsWith('Warmed:Pending') ? 'Warmed:Stopped' : state;
  if (state === 'EnteringStandby' || state === 'Standby') return 'Standby';
  return state.startsWith('Detach') ? 'Detached' : 'InService';
}

function told(at: number | undefined, answer: (time: string) => string): string | undefined {
  return at === undefined ? undefined : answer(iso(at));
}

/** Seconds, as the metadata service writes times. */
function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
