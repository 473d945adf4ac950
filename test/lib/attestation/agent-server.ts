import { sign } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { publicKeyOf } from '../../../lib/attestation/public-key.ts';
import type { TestKey } from './keys.ts';

const blob = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** Speaks the agent's protocol as OpenSSH's does, for keys of tests. One contract test runs over both. */
export async function startAgent(
  folder: string,
  keys: readonly TestKey[],
): Promise<{ socket: string; server: Server }> {
  const socket = join(folder, 'agent.sock');
  const server = createServer((stream) => {
    let received = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return;
      stream.write(blob(answerTo(received.subarray(4), keys)));
      received = Buffer.alloc(0);
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, server };
}

function answerTo(request: Buffer, keys: readonly TestKey[]): Buffer {
  const known = keys.map(({ line, key }) => ({ key, blob: publicKeyOf(line)!.blob }));
  if (request[0] === 11) {
    const count = Buffer.alloc(4);
    // An RSA key stands before the others, as it may in anybody's agent.
    count.writeUInt32BE(known.length + 1);
    const rsa = [blob(Buffer.concat([blob(Buffer.from('ssh-rsa')), blob(Buffer.from([3]))])), blob(Buffer.from('old'))];
    return Buffer.concat([
      Buffer.from([12]),
      count,
      ...rsa,
      ...known.flatMap((key) => [blob(key.blob), blob(Buffer.from('c'))]),
    ]);
  }
  const length = request.readUInt32BE(1);
  const own = known.find((each) => each.blob.equals(request.subarray(5, 5 + length)));
  const at = 5 + length;
  const message = request.subarray(at + 4, at + 4 + request.readUInt32BE(at));
  if (request[0] !== 13 || own === undefined) return Buffer.from([5]);
  const signature = sign(null, message, own.key);
  return Buffer.concat([Buffer.from([14]), blob(Buffer.concat([blob(Buffer.from('ssh-ed25519')), blob(signature)]))]);
}
