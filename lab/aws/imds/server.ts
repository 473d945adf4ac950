import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fleetOf, type Instance } from '../autoscaling/fleet.ts';
import { iamStore } from '../iam/store.ts';
import type { Realm } from '../world.ts';

export interface MetadataService {
  /** For `AWS_EC2_METADATA_SERVICE_ENDPOINT`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface MetadataOptions {
  /** @default - any free one */
  readonly port?: number;
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
  const metadata = new Metadata(realm, instanceId, options.roleName);
  const server = createServer((message, response) => {
    message.resume();
    const { status, body = '' } = metadata.answer(message);
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  realm.world.onClose(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

class Metadata {
  readonly #realm: Realm;
  readonly #instanceId: string;
  readonly #roleName: string | undefined;
  readonly #tokens = new Map<string, number>();

  constructor(realm: Realm, instanceId: string, roleName: string | undefined) {
    this.#realm = realm;
    this.#instanceId = instanceId;
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
    const instance = fleetOf(this.#realm).find(this.#instanceId);
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
    const identity = {
      ...{
        accountId: account,
        architecture: 'arm64',
        availabilityZone: instance.zone,
        imageId: 'ami-0a1b2c3d4e5f60001',
      },
      ...{ instanceId: instance.id, instanceType: instance.type, pendingTime: iso(instance.launched) },
      ...{ privateIp: '127.0.0.1', region, version: '2017-09-30' },
    };
    const credentials = '/latest/meta-data/iam/security-credentials';
    switch (path) {
      case '/latest/meta-data/instance-id':
        return instance.id;
      case '/latest/meta-data/instance-type':
        return instance.type;
      case '/latest/meta-data/instance-life-cycle':
        return 'spot';
      case '/latest/meta-data/local-ipv4':
        return '127.0.0.1';
      case '/latest/meta-data/placement/region':
        return region;
      case '/latest/meta-data/placement/availability-zone':
        return instance.zone;
      case '/latest/meta-data/autoscaling/target-lifecycle-state':
        return instance.state.startsWith('Terminat') ? 'Terminated' : 'InService';
      case '/latest/meta-data/spot/instance-action':
        return instance.notice && JSON.stringify({ action: instance.notice.action, time: iso(instance.notice.time) });
      case '/latest/meta-data/spot/termination-time':
        return instance.notice?.action === 'terminate' ? iso(instance.notice.time) : undefined;
      case '/latest/dynamic/instance-identity/document':
        return JSON.stringify(identity);
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
      instance.id,
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

/** Seconds, as the metadata service writes times. */
function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
