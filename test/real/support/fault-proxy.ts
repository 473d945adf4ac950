import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';

/**
 * What becomes of a request: an `answer` of that status without the cloud hearing of it; `drop`, the connection broken before the cloud
 * hears of it; `lose`, the cloud does it and its answer is lost; `delay`, the cloud hears of it so much later.
 */
export type FaultAction =
  | { readonly answer: number; readonly headers?: Readonly<Record<string, string>> }
  | 'drop'
  | 'lose'
  | { readonly delaySeconds: number };

export interface Fault {
  readonly method: string;
  /** Against `<port>/<path>`: `9696/v2.0/networks`. */
  readonly path: RegExp;
  /** How many requests it hits. */
  readonly times: number;
  readonly action: FaultAction;
}

export interface FaultProxy {
  /** What to put before a service's own address: `http://127.0.0.1:5000/v3` is `<base>/5000/v3` here. */
  readonly base: string;
  /** Replaces the faults, and forgets what was seen. */
  inject(...faults: Fault[]): void;
  /** Requests that were hit, as `POST 9696/v2.0/networks`. */
  readonly hit: readonly string[];
  stop(): Promise<void>;
}

/** Its own request id, as operators would search their logs for it. */
export const REQUEST_ID = 'req-0fa017ed-1234-4cde-8abc-0123456789ab';

/**
 * Stands between Terraform and the services of a cloud on this machine: the first part of a path is the service's port, and addresses in
 * answers (Keystone's catalogue, links) are rewritten so that all that follows comes through here as well.
 * @param only - One port that everything goes to as it is, so that signatures stay valid. @default - the first part of a path names it
 */
export async function startFaultProxy(only?: number): Promise<FaultProxy> {
  let faults: { fault: Fault; left: number }[] = [];
  const hit: string[] = [];
  let base = '';
  const server = createServer((incoming, outgoing) => {
    const target = /^\/(\d+)(\/.*)?$/.exec(only === undefined ? (incoming.url ?? '') : `/${only}${incoming.url ?? ''}`);
    if (target === null) {
      outgoing.writeHead(404).end();
      return;
    }
    const [, port = '', path = '/'] = target;
    const name = `${port}${path.replace(/\?.*$/, '')}`;
    const found = faults.find(
      ({ fault, left }) => left > 0 && fault.method === incoming.method && fault.path.test(name),
    );
    const forward = (lose: boolean): void =>
      pass({ incoming, outgoing, port, path, base, lose, isPlain: only !== undefined });
    if (found === undefined) {
      forward(false);
      return;
    }
    found.left -= 1;
    hit.push(`${incoming.method ?? ''} ${name}`);
    const { action } = found.fault;
    if (action === 'drop') incoming.socket.destroy();
    else if (action === 'lose') forward(true);
    else if ('delaySeconds' in action) setTimeout(() => forward(false), action.delaySeconds * 1000);
    else {
      incoming.resume();
      refuse(outgoing, action);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    ...{ base, hit },
    inject(...wanted) {
      faults = wanted.map((fault) => ({ fault, left: fault.times }));
      hit.length = 0;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Passage {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly port: string;
  readonly path: string;
  readonly base: string;
  /** Whether the answer is lost on its way back. */
  readonly lose: boolean;
  /** Whether nothing is rewritten. */
  readonly isPlain: boolean;
}

function refuse(outgoing: ServerResponse, { answer, headers }: Extract<FaultAction, { answer: number }>): void {
  const body = JSON.stringify({ error: { code: answer, title: 'Injected', message: 'injected' } });
  const all = { 'content-type': 'application/json', 'x-openstack-request-id': REQUEST_ID, ...headers };
  outgoing.writeHead(answer, all).end(body);
}

function pass({ incoming, outgoing, port, path, base, lose, isPlain }: Passage): void {
  const { host: _host, 'accept-encoding': _encoding, connection: _connection, ...headers } = incoming.headers;
  const upstream = send({
    host: '127.0.0.1',
    port,
    path,
    method: incoming.method,
    headers: isPlain ? incoming.headers : { ...headers, host: `127.0.0.1:${port}` },
  });
  upstream.on('error', () => outgoing.destroy());
  upstream.on('response', (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
    answer.on('end', () => {
      if (lose) {
        outgoing.destroy();
        return;
      }
      const isText = !isPlain && /json|text/.test(answer.headers['content-type'] ?? '');
      const body = Buffer.concat(chunks);
      const rewritten = isText ? Buffer.from(rewrite(body.toString('utf8'), base)) : body;
      const {
        'content-length': _length,
        'transfer-encoding': _transfer,
        connection: _close,
        location,
        ...rest
      } = answer.headers;
      const moved = location === undefined ? {} : { location: rewrite(location, base) };
      // A status without a body must not tell a length.
      const length =
        answer.statusCode === 204 || answer.statusCode === 304 ? {} : { 'content-length': rewritten.length };
      outgoing.writeHead(answer.statusCode ?? 502, { ...rest, ...moved, ...length });
      outgoing.end(rewritten);
    });
  });
  incoming.pipe(upstream);
}

function rewrite(text: string, base: string): string {
  return text.replaceAll(/http:\/\/127\.0\.0\.1:(\d+)/g, (whole, port: string) =>
    whole === base ? whole : `${base}/${port}`,
  );
}
