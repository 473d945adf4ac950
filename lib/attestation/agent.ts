import { connect } from 'node:net';
import { agentFailed } from './errors.ts';
import { type PublicKey, publicKeyIn } from './public-key.ts';

/** Messages of the agent's protocol (draft-ietf-sshm-ssh-agent). */
const LIST = 11;
const LISTED = 12;
const SIGN = 13;
const SIGNED = 14;
const MAXIMUM_ANSWER = 1 << 20;
const PATIENCE_MILLISECONDS = 60_000;

/** Ed25519 keys that an agent has. */
export async function agentKeys(socket: string): Promise<PublicKey[]> {
  const answer = await ask(socket, Buffer.from([LIST]), LISTED);
  const keys: PublicKey[] = [];
  let at = 4;
  for (let left = answer.readUInt32BE(0); left > 0; left -= 1) {
    const blob = stringAt(answer, at);
    at += 4 + blob.length;
    at += 4 + stringAt(answer, at).length;
    const key = publicKeyIn(blob);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** Has an agent sign with a key that it holds; it may ask its user. Gives the 64 bytes of Ed25519. @throws TandemError `agent-failed` */
export async function agentSign(socket: string, { blob, keyid }: PublicKey, message: Uint8Array): Promise<Buffer> {
  const request = [Buffer.from([SIGN]), asString(blob), asString(message), Buffer.alloc(4)];
  const answer = stringAt(await ask(socket, Buffer.concat(request), SIGNED), 0);
  const type = stringAt(answer, 0);
  if (type.toString() !== 'ssh-ed25519') throw agentFailed(`it signs with ${type.toString()}, not with ${keyid}`);
  return stringAt(answer, 4 + type.length);
}

function ask(socket: string, request: Buffer, wanted: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = connect(socket);
    let received = Buffer.alloc(0);
    const end = (outcome: Buffer | string): void => {
      stream.destroy();
      if (typeof outcome === 'string') reject(agentFailed(outcome));
      else resolve(outcome);
    };
    stream.setTimeout(PATIENCE_MILLISECONDS, () => end('it does not answer'));
    stream.on('error', (error) => end(error.message));
    stream.on('end', () => end('it ended the connection'));
    stream.on('data', (chunk) => {
      received = Buffer.concat([received, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
      if (received.length < 5) return;
      const length = received.readUInt32BE(0);
      if (length > MAXIMUM_ANSWER) end('its answer is too long');
      else if (received.length >= 4 + length)
        end(received[4] === wanted ? received.subarray(5, 4 + length) : 'it refuses');
    });
    stream.on('connect', () => stream.write(asString(request)));
  });
}

/** Bytes after their length. */
function asString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function stringAt(bytes: Buffer, at: number): Buffer {
  if (bytes.length < at + 4) throw agentFailed('its answer is cut off');
  const end = at + 4 + bytes.readUInt32BE(at);
  if (bytes.length < end) throw agentFailed('its answer is cut off');
  return bytes.subarray(at + 4, end);
}
