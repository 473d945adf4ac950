import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tunnelsIn, type VpnTunnel } from '../../../../lib/aws-api/vpn-tunnels.ts';
import { LINK_KEYS_PATH, LINK_PROGRAM_PATH } from '../../../../lib/components/link-gateway/program.ts';
import { BOTH, type Gateway, type Ran } from '../../../../lib/link/gateways.ts';
import type { RotatePorts } from '../../../../lib/link/rotate/ports.ts';
import { QUESTION } from '../../../../lib/link/status/question.ts';
import type { SecretRef } from '../../../../lib/secrets/secret.ts';
import { memorySecrets } from '../../secrets/memory-secrets.ts';

/** A tunnel with a key on each side; it carries where both have the same one, and nothing holds it back. */
export interface MemoryTunnel {
  aws: string;
  gateway: string;
  isClosed: boolean;
  /** Answers about it for which AWS still changes it. */
  busy: number;
  /** Answers of its gateway until probes came back with another key. */
  starting: number;
}

type WorldPorts = Pick<RotatePorts, 'store' | 'tunnels' | 'shell' | 'changeKey' | 'publish' | 'offer' | 'sleep'>;

const REPLIES = { 1: 'first', 2: 'second' } as const;
const reply = (gateway: Gateway): { state: string } =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../status/replies', `${REPLIES[gateway]}.json`), 'utf8')) as {
    state: string;
  };

export class Killed extends Error {}

/**
 * Both sides of a link in memory. Gateways answer as recorded ones do, but for the state of tunnels; a gateway takes keys that it was told
 * of at its next run, and opens the tunnel whose key is another one, as its program does.
 */
export class MemoryLink {
  readonly tunnels = new Map<string, MemoryTunnel>();
  readonly secrets = memorySecrets();
  /** What CloudFormation reads. */
  readonly published = new Map<string, string>();
  /** Gateways with a token that they have not used. */
  readonly told = new Set<Gateway>();
  /** Every effect, in order. */
  readonly effects: string[] = [];
  /** The most tunnels that did not carry at once. */
  mostDown = 0;
  /** Effect that ends the process, by its number, and whether it still happens. */
  killAt: { readonly at: number; readonly happens: boolean } | undefined;
  refuse: ((effect: string) => Error | undefined) | undefined;

  constructor() {
    for (const id of ['1-1', '1-2', '2-1', '2-2']) {
      const key = `old-${id}`;
      this.tunnels.set(id, { aws: key, gateway: key, isClosed: false, busy: 0, starting: 0 });
      this.secrets.values.set(`secret:link/main/tunnel-${id}`, key);
      this.published.set(`link/main/tunnel-${id}`, key);
    }
  }

  of(id: string): MemoryTunnel {
    const found = this.tunnels.get(id);
    if (found === undefined) throw new Error(`no tunnel ${id}`);
    return found;
  }

  /** What the store has now. */
  keyOf(id: string): string | undefined {
    return this.secrets.values.get(`secret:link/main/tunnel-${id}`);
  }

  /** As another process finds it. */
  restart(): void {
    this.killAt = undefined;
    this.effects.length = 0;
  }

  ports(): WorldPorts {
    const { secrets } = this;
    return {
      store: {
        list: () => secrets.list(),
        use: (reference, action) => secrets.use(reference, action),
        close: () => secrets.close(),
        put: (reference, value) => this.#act(`put ${reference}`, () => secrets.put(reference, value)),
        remove: (reference) => this.#act(`remove ${reference}`, () => secrets.remove(reference)),
      },
      tunnels: () => Promise.resolve(this.#described()),
      shell: { run: (gateway, command) => this.#run(gateway, command) },
      changeKey: ({ outside }, key) =>
        this.#act(`change ${outside}`, () => {
          const tunnel = this.of(outside.slice(-2).split('').join('-'));
          if (carries(tunnel)) throw new Error(`${outside} is changed while traffic goes through it`);
          tunnel.aws = key.unwrap();
          tunnel.busy = 3;
        }),
      publish: (name, key) => this.#act(`publish ${name}`, () => void this.published.set(name, key.unwrap())),
      offer: async (changed) => {
        const gateways = BOTH.filter((each) =>
          [...changed].some((reference) => reference.startsWith(`secret:link/main/tunnel-${each}-`)),
        );
        await this.#act(`offer ${gateways.join()}`, () => gateways.forEach((each) => this.told.add(each)));
        return gateways.map((each) => `link-main-gateway-${each}`);
      },
      sleep: () => Promise.resolve(),
    };
  }

  async #act(effect: string, work: () => unknown): Promise<void> {
    const refusal = this.refuse?.(effect);
    if (refusal !== undefined) throw refusal;
    const { at, happens } = this.killAt ?? { at: Number.POSITIVE_INFINITY, happens: false };
    // Who was killed does nothing more.
    if (this.effects.length > at || (this.effects.length === at && !happens)) throw new Killed(effect);
    const isLast = this.effects.length === at;
    this.effects.push(effect);
    await work();
    const down = [...this.tunnels.values()].filter((each) => !carries(each)).length;
    this.mostDown = Math.max(this.mostDown, down);
    if (isLast) throw new Killed(effect);
  }

  async #run(gateway: Gateway, command: readonly string[]): Promise<Ran> {
    const said = (stdout: string): Ran => ({ code: 0, stdout, stderr: '' });
    const own = [1, 2].map((index) => ({ index, tunnel: this.of(`${gateway}-${index}`) }));
    if (command === QUESTION) return said(this.#answer(gateway));
    if (command.join(' ') === `cat ${LINK_KEYS_PATH}`)
      // As Python's json writes it.
      return said(`{${own.map(({ index, tunnel }) => `"${index}": "${hash('sha256', tunnel.gateway)}"`).join(', ')}}`);
    const [program, verb, index] = command;
    await this.#act(`${gateway}: ${command.join(' ')}`, () => {
      if (program === LINK_PROGRAM_PATH) this.of(`${gateway}-${index}`).isClosed = verb === 'close';
      else if (command.join(' ') === 'systemctl start tandem-bring-up.service') this.#bringUp(gateway);
      else throw new Error(`no gateway knows ${command.join(' ')}`);
    });
    return said('');
  }

  #bringUp(gateway: Gateway): void {
    if (!this.told.delete(gateway)) return;
    for (const index of [1, 2]) {
      const tunnel = this.of(`${gateway}-${index}`);
      const key = this.secrets.values.get(`secret:link/main/tunnel-${gateway}-${index}` satisfies SecretRef) ?? '';
      if (key !== tunnel.gateway) Object.assign(tunnel, { gateway: key, isClosed: false, starting: 3 });
    }
  }

  #answer(gateway: Gateway): string {
    const answer = reply(gateway);
    const state = JSON.parse(answer.state) as { tunnels: { index: number; state: string; reason: string }[] };
    for (const each of state.tunnels) {
      const tunnel = this.of(`${gateway}-${each.index}`);
      each.state = tunnel.isClosed ? 'closed' : carries(tunnel) ? 'good' : 'down';
      tunnel.starting = Math.max(0, tunnel.starting - 1);
      each.reason = 'of memory';
    }
    return JSON.stringify({ ...answer, state: JSON.stringify(state) });
  }

  #described(): readonly VpnTunnel[] {
    return BOTH.flatMap((gateway) => {
      const own = [1, 2].map((index) => this.of(`${gateway}-${index}`));
      const isBusy = own.some(({ busy }) => busy > 0);
      const answer = tunnelsIn({
        VpnConnectionId: `vpn-${gateway}`,
        State: isBusy ? ('modifying' as never) : 'available',
        Options: {
          TunnelOptions: [1, 2].map((index) => ({
            OutsideIpAddress: `198.51.100.${gateway}${index}`,
            TunnelInsideCidr: `169.254.100.${8 * (gateway - 1) + 4 * (index - 1)}/30`,
          })),
        },
        VgwTelemetry: own.map((tunnel, at) => ({
          OutsideIpAddress: `198.51.100.${gateway}${at + 1}`,
          Status: tunnel.busy === 0 && tunnel.aws === tunnel.gateway ? 'UP' : 'DOWN',
          AcceptedRouteCount: 3,
        })),
      });
      for (const tunnel of own) tunnel.busy = Math.max(0, tunnel.busy - 1);
      return answer;
    });
  }
}

export function carries({ aws, gateway, isClosed, busy, starting }: MemoryTunnel): boolean {
  return aws === gateway && !isClosed && busy === 0 && starting === 0;
}
