import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { placeHere } from './netns-cloud-hosts.ts';
import type { NetnsCluster } from './netns-cluster.ts';

/** Files of the lab's hosts, by the paths that they have on Kolla's. */
export class NetnsHostFiles {
  readonly #cluster: NetnsCluster;

  constructor(cluster: NetnsCluster) {
    this.#cluster = cluster;
  }

  async read(host: string, path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const file = createReadStream(this.#cluster.path(host, placeHere(path)), { signal });
    return await Promise.resolve(Readable.toWeb(file) as ReadableStream<Uint8Array>);
  }

  async write(host: string, path: string, content: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const file = createWriteStream(this.#cluster.path(host, placeHere(path)), { mode: 0o600 });
    await pipeline(Readable.fromWeb(content as WebStream), file, { signal });
  }
}
