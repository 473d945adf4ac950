import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** `drop`: the connection breaks before the server hears of it; `lose`: the server does it, and its answer is lost. */
export type TcpFault = 'drop' | 'lose';

export interface TcpFaults {
  readonly port: number;
  /** Pieces that clients have sent since the last `strike` or `calm`. */
  readonly seen: () => number;
  /** Breaks the connection of the n-th piece from now on. */
  strike(at: number, fault: TcpFault): void;
  /** Breaks nothing any more. */
  calm(): void;
  stop(): Promise<void>;
}

/** Stands between clients and a server on loopback, whatever they speak, and breaks one connection at one moment. */
export async function startTcpFaults(target: number): Promise<TcpFaults> {
  let seen = 0;
  let planned: { at: number; fault: TcpFault } | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
    client.on('data', (piece) => {
      seen += 1;
      const struck = planned?.at === seen ? planned.fault : undefined;
      if (struck === 'drop') {
        end();
        return;
      }
      if (struck === 'lose') {
        upstream.removeAllListeners('data');
        upstream.once('data', end);
      }
      upstream.write(piece);
    });
    upstream.on('data', (piece) => client.write(piece));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const begin = (next: typeof planned): void => {
    seen = 0;
    planned = next;
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    seen: () => seen,
    strike: (at, fault) => begin({ at, fault }),
    calm: () => begin(undefined),
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
