import { type IncomingMessage, request } from 'node:http';
import type { Clock, Metadata } from '../ports.ts';

const TOKEN_SECONDS = 21_600;
const TIMEOUT_MS = 2000;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Version 2 only: without a token, nothing is asked. */
export class InstanceMetadata implements Metadata {
  readonly #endpoint: string;
  readonly #clock: Clock;
  #token: { readonly value: string; readonly until: number } | undefined;

  constructor(clock: Clock, endpoint = 'http://169.254.169.254') {
    this.#clock = clock;
    this.#endpoint = endpoint.replace(/\/+$/, '');
  }

  async get(path: string): Promise<string | undefined> {
    for (const last of [false, true]) {
      const headers = { 'x-aws-ec2-metadata-token': await this.#needToken() };
      const { status, body } = await this.#ask('GET', `/latest/${path}`, headers);
      if (status === 200) return body;
      if (status === 404) return undefined;
      // A token may end early, as after a stop and start.
      this.#token = undefined;
      if (status !== 401 || last) throw new Error(`metadata service answered ${status} for ${path}`);
    }
    return undefined;
  }

  async #needToken(): Promise<string> {
    const now = this.#clock.now();
    if (this.#token !== undefined && now < this.#token.until) return this.#token.value;
    const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
    const { status, body } = await this.#ask('PUT', '/latest/api/token', ttl);
    if (status !== 200) throw new Error(`metadata service gave no token but ${status}`);
    this.#token = { value: body, until: now + (TOKEN_SECONDS * 1000) / 2 };
    return body;
  }

  // Node's own client: `fetch` alone would cost each agent several megabytes.
  #ask(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#endpoint}${path}`,
        { method, headers: { ...headers }, timeout: TIMEOUT_MS },
        (answer) => {
          read(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
        },
      );
      sent.once('timeout', () => sent.destroy(new Error(`metadata service is silent for ${TIMEOUT_MS} ms`)));
      sent.once('error', reject);
      sent.end();
    });
  }
}

async function read(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
