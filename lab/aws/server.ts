import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './aws-error.ts';
import { VirtualClock } from './clock.ts';
import { answerControl } from './control.ts';
import { signerOf } from './credentials.ts';
import { Faults } from './faults.ts';
import { drawTokens } from './model/model.ts';
import type { CallContext, Service } from './service.ts';
import { SERVICES } from './services.ts';
import { type AwsRequest, type AwsResponse, readBody, signedRequest } from './wire/request.ts';
import { World, type WorldOptions } from './world.ts';

export interface AwsEndpointOptions {
  /** @default - any free one */
  readonly port?: number;
  /** Address to answer on. @default 127.0.0.1 */
  readonly host?: string;
  /** Secret of the keys of every account. @default - what `labCredentials` makes of its number, which everybody knows */
  readonly secretAccessKey?: string | undefined;
  /** @default - real time */
  readonly clock?: VirtualClock;
  /** @default - none waiting */
  readonly faults?: Faults;
  /** What identifiers are made from. @default 'tandem' */
  readonly seed?: string;
  /** How long one step of a stack operation takes. @default 5 */
  readonly stepMilliseconds?: number;
  /** Limits, quotas and times of what the fleet's services speak for. @default - as AWS publishes them */
  readonly model?: WorldOptions['model'];
  /** Told of each answered request. @default - nobody */
  readonly log?: (line: string) => void;
}

export interface AwsEndpoint {
  readonly url: string;
  readonly state: World;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Starts the endpoint: all services on one port, told apart by the scope of the signature. */
export async function startAwsEndpoint(options: AwsEndpointOptions = {}): Promise<AwsEndpoint> {
  const { host = '127.0.0.1', faults = new Faults() } = options;
  const world = new World({
    clock: options.clock ?? new VirtualClock(),
    faults,
    seed: options.seed ?? 'tandem',
    stepMilliseconds: options.stepMilliseconds ?? 5,
    model: options.model ?? {},
  });
  const server = createServer((message, response) => {
    void handle(world, message, response, options);
  });
  // Idle connections stay until the end: a client that a busy machine held up does not find its own closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  world.origin = `http://${host}:${port}`;
  return {
    url: world.origin,
    state: world,
    faults,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await world.close();
    },
  };
}

async function handle(
  world: World,
  message: IncomingMessage,
  response: ServerResponse,
  { log, secretAccessKey }: Pick<AwsEndpointOptions, 'log' | 'secretAccessKey'>,
): Promise<void> {
  const id = world.ids.uuid();
  let where = `${message.method ?? ''} ${message.url ?? ''}`;
  const hangUp = new AbortController();
  response.once('close', () => hangUp.abort());
  let answer: AwsResponse;
  try {
    const body = await readBody(message);
    // Whoever needs a key may not set the clock without one.
    const mayControl = secretAccessKey === undefined || message.url === '/_lab/health';
    const control = mayControl ? answerControl(world, message, body) : undefined;
    if (control === undefined) {
      const received = { message, body, id, now: world.clock.now(), hangUp: hangUp.signal };
      answer = await serve(world, received, secretAccessKey, (name) => (where = name));
    } else answer = await control;
  } catch (error) {
    answer = fallback(error, id);
  }
  log?.(`${where} ${answer.status}${answer.status < 400 ? '' : ` ${String(answer.body).slice(0, 400)}`}`);
  if (response.destroyed) return;
  response.writeHead(answer.status, { ...answer.headers });
  response.end(answer.body);
}

/** Services whose calls draw tokens. */
const LIMITED = new Set(['ec2', 'autoscaling', 'cloudwatch']);

async function serve(
  world: World,
  received: Parameters<typeof signedRequest>[0],
  secret: string | undefined,
  named: (name: string) => void,
): Promise<AwsResponse> {
  const { id, message } = received;
  let service = guess(message);
  let request: AwsRequest;
  const late: AwsError[] = [];
  try {
    request = signedRequest(received, (key) => world.sessions.get(key) ?? signerOf(key, secret));
    const found = SERVICES.find(({ name }) => name === request.service);
    if (found === undefined)
      throw new AwsError('UnrecognizedClientException', `the lab has no service ${request.service}`, 400);
    service = found;
    const context = contextOf(world, request, named, (fault) => late.push(fault));
    const answer = await service.answer(request, context);
    for (const error of late) throw error;
    return answer;
  } catch (error) {
    const known = error instanceof AwsError ? error : internal(error);
    const { method = 'GET', url: path = '/', headers } = message;
    return service.refuse(known, { id, method, path, headers });
  }
}

/** Which protocol to refuse in when the signature does not tell the service. */
function guess(message: IncomingMessage): Service {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(message.headers.authorization ?? '')?.[1];
  const found = SERVICES.find(({ name }) => name === scope) ?? SERVICES[0];
  if (found === undefined) throw new Error('no services');
  return found;
}

function contextOf(
  world: World,
  request: AwsRequest,
  named: (name: string) => void,
  afterwards: (fault: AwsError) => void,
): CallContext {
  const realm = world.realm(request.principal.account, request.region);
  return {
    world,
    realm,
    principal: request.principal,
    origin: request.origin,
    hangUp: request.hangUp,
    enter: (service, call, input = {}) => {
      named(`${service}:${call}`);
      if (LIMITED.has(service)) drawTokens(realm, `${service}:${call}`, request.principal.arn, input);
      const fault = world.faults.takeCall(service, call);
      if (fault === undefined) return;
      const error = new AwsError(fault.code, fault.message ?? fault.code, fault.status ?? 400);
      if (fault.after !== true) throw error;
      afterwards(error);
    },
  };
}

function internal(error: unknown): AwsError {
  return new AwsError('InternalFailure', error instanceof Error ? (error.stack ?? error.message) : 'failed', 500);
}

function fallback(error: unknown, id: string): AwsResponse {
  const { status, message } = error instanceof AwsError ? error : internal(error);
  return { status, headers: { 'x-amzn-requestid': id }, body: message };
}
