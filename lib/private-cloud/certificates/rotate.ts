import type { HostCommand, KollaPlay } from '../members/ports.ts';
import type { CertificateUse } from './uses.ts';

export type RotationAction =
  | { readonly kind: 'play'; readonly play: KollaPlay }
  | { readonly kind: 'command'; readonly command: HostCommand }
  /** The new file, in the place of the old one, which is kept beside it. */
  | { readonly kind: 'place'; readonly use: CertificateUse }
  /** A client meets the new certificate. */
  | { readonly kind: 'meet'; readonly use: CertificateUse };

export interface RotationStep {
  readonly key: string;
  readonly unavailable: readonly string[];
  readonly actions: readonly RotationAction[];
}

export interface RotationProps {
  readonly uses: readonly CertificateUse[];
  /** Hosts of a group, in the inventory's order. */
  readonly hostsOf: (group: string) => readonly string[];
  /** Host that holds the VIPs, as it says itself: the last one to change. */
  readonly holder: string | undefined;
  readonly engine: 'docker' | 'podman';
}

/** As Kolla starts its containers, and compares them. */
const COPY = ['sudo', '-E', '/usr/local/bin/kolla_set_configs'];
const HAPROXY_FILES = ['-f', '/etc/haproxy/haproxy.cfg', '-f', '/etc/haproxy/services.d/'];

/**
 * How certificates get to those who show them, one host after the other and the holder of the VIP last. Kolla's own `reconfigure` stops
 * HAProxy and starts it again, which breaks what is open; so its settings are only written (`genconfig`), copied in the container as
 * Kolla copies them, checked, and HAProxy's master starts a new worker (SIGUSR2: it hands over the listening sockets by itself from 2.6
 * on). What is on disk then is what Kolla would have put there: its next run restarts nothing. Pure.
 */
export function planRotation({ uses, hostsOf, holder, engine }: RotationProps): RotationStep[] {
  const steps: RotationStep[] = [
    { key: 'place', unavailable: [], actions: uses.map((use) => ({ kind: 'place', use })) },
  ];
  const kinds = new Map<string, CertificateUse[]>();
  for (const use of uses) {
    const key = `${use.tag} ${use.renewal}`;
    kinds.set(key, [...(kinds.get(key) ?? []), use]);
  }
  for (const [kind, same] of kinds) {
    const [{ group, tag, renewal } = { group: '', tag: '', renewal: 'restart' as const }] = same;
    const hosts = lastIs(hostsOf(group), holder);
    for (const host of hosts)
      steps.push({
        key: `${kind} ${host}`.trim(),
        unavailable: renewal === 'restart' ? [restarts(same, host, host === holder)] : [],
        actions: renewalOf(renewal, tag, host, engine),
      });
  }
  const met = uses.filter(({ endpoint }) => endpoint !== undefined);
  if (met.length > 0) steps.push({ key: 'meet', unavailable: [], actions: met.map((use) => ({ kind: 'meet', use })) });
  return steps;
}

function renewalOf(
  renewal: CertificateUse['renewal'],
  tag: string,
  host: string,
  engine: RotationProps['engine'],
): RotationAction[] {
  const tags = tag === '' ? [] : [tag];
  const play = (verb: string): RotationAction => ({
    kind: 'play',
    play: { key: `certificates-${verb}-${tag === '' ? 'all' : tag}-${host}`, verb, tags, limit: [host] },
  });
  const inside = (container: string, argv: readonly string[]): RotationAction => ({
    kind: 'command',
    command: { host, container, argv },
  });
  if (renewal === 'restart' || renewal === 'deploy') return [play('reconfigure')];
  if (renewal === 'reread')
    return [
      play('genconfig'),
      inside('rabbitmq', COPY),
      inside('rabbitmq', ['rabbitmqctl', 'eval', 'ssl:clear_pem_cache().']),
    ];
  return [
    play('genconfig'),
    inside('haproxy', COPY),
    inside('haproxy', ['haproxy', '-c', '-q', ...HAPROXY_FILES]),
    { kind: 'command', command: { host, argv: [engine, 'kill', '--signal', 'USR2', 'haproxy'] } },
  ];
}

function restarts(uses: readonly CertificateUse[], host: string, isHolder: boolean): string {
  const what = uses.map(({ serves }) => serves).join(', ');
  return isHolder
    ? `${what}: open connections end when ${host} restarts, and new ones wait until keepalived has moved the VIP`
    : `${what}: connections to ${host} end when it restarts`;
}

function lastIs(hosts: readonly string[], last: string | undefined): readonly string[] {
  return hosts.includes(last ?? '') ? [...hosts.filter((each) => each !== last), last ?? ''] : hosts;
}
