import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORM_FOLDER } from './roots.ts';
import { must, run } from './run.ts';

const PLACES = '/run/tandem-form/places';
const BRIDGE = 'tandem-form';
/** All leases of this machine: each has a /24 of it, so that they reach each other. */
const NETWORK_PREFIX = '10.77';

/** What one lease has of this machine: a number, addresses of its own, and a folder of disks. */
export interface Place {
  readonly number: number;
  /** With an upper folder and volumes for each server. */
  readonly folder: string;
  /** Of this machine, as the lease's servers see it. */
  readonly gateway: string;
  address(at: number): string;
  namespace(at: number): string;
  free(): Promise<void>;
}

/** A free place, after what killed processes left was removed. */
export async function takePlace(): Promise<Place> {
  await sweepPlaces();
  const number = claim();
  await deleteNamespaces(number);
  const folder = join(FORM_FOLDER, 'run', String(number));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await makeBridge();
  const gateway = `${NETWORK_PREFIX}.${number}.1`;
  await must(['ip', 'address', 'replace', `${gateway}/32`, 'dev', BRIDGE]);
  return {
    number,
    folder,
    gateway,
    address: (at) => `${NETWORK_PREFIX}.${number}.${at + 10}`,
    namespace: (at) => `tandem-form-${number}-${at}`,
    free: async () => {
      await clear(number);
    },
  };
}

/** A network namespace with one interface on the bridge. */
export async function makeNamespace(place: Place, at: number): Promise<void> {
  const namespace = place.namespace(at);
  const link = linkOf(place, at);
  const commands = [
    `ip netns add ${namespace}`,
    `ip link add ${link} type veth peer name eth0 netns ${namespace}`,
    `ip link set ${link} master ${BRIDGE} up`,
    `ip -n ${namespace} link set lo up`,
    `ip -n ${namespace} address add 169.254.169.254/32 dev lo`,
    `ip -n ${namespace} address add ${place.address(at)}/16 dev eth0`,
    `ip -n ${namespace} link set eth0 up`,
    `ip -n ${namespace} route add default via ${place.gateway}`,
  ];
  await must(['sh', '-euc', commands.join('\n')]);
}

/** Takes a server off the network, or puts it back. */
export async function setLink(place: Place, at: number, state: 'up' | 'down'): Promise<void> {
  await must(['ip', 'link', 'set', linkOf(place, at), state]);
}

function linkOf(place: Place, at: number): string {
  return `tf${place.number}v${at}`;
}

function claim(): number {
  mkdirSync(PLACES, { recursive: true });
  for (let number = 1; number < 250; number += 1) {
    try {
      mkdirSync(join(PLACES, String(number)));
    } catch {
      continue;
    }
    writeFileSync(join(PLACES, String(number), 'owner'), `${process.pid} ${startOf(process.pid) ?? ''}`);
    return number;
  }
  throw new Error(`no place is free in ${PLACES}`);
}

/**
 * The route to all leases is the bridge's own: with the first lease's address it would go when that lease ends
 * (the kernel deletes secondary addresses of a range with their primary one), and the others' servers were out of reach.
 */
async function makeBridge(): Promise<void> {
  const made = await run(['ip', 'link', 'add', BRIDGE, 'type', 'bridge']);
  if (made.code !== 0 && !made.stderr.includes('File exists')) throw new Error(made.stderr);
  await must(['ip', 'link', 'set', BRIDGE, 'up']);
  await must(['ip', 'address', 'replace', `${NETWORK_PREFIX}.0.1/16`, 'dev', BRIDGE]);
}

async function sweepPlaces(): Promise<void> {
  for (const name of existsSync(PLACES) ? readdirSync(PLACES) : []) {
    const owner = join(PLACES, name, 'owner');
    // Without an owner it is being claimed at this moment.
    if (!existsSync(owner)) continue;
    const [pid = '', start] = readFileSync(owner, 'utf8').split(' ');
    if (startOf(Number(pid)) !== start) await clear(Number(name));
  }
}

/** Processes are gone by now: they end with the one that started them. */
async function clear(number: number): Promise<void> {
  const folder = join(FORM_FOLDER, 'run', String(number));
  const script = `
    losetup --list --noheadings --output NAME,BACK-FILE | while read -r device file; do
      case $file in ${folder}/*) losetup --detach "$device" || true ;; esac
    done
    ip address delete ${NETWORK_PREFIX}.${number}.1/32 dev ${BRIDGE} 2>/dev/null || true
    unshare --mount sh -c 'mount -t cgroup2 cgroup2 /mnt && cd /mnt/tandem-form-${number} && find . -depth -type d -exec rmdir {} +' 2>/dev/null || true
    rm -rf '${folder}' '${PLACES}/${number}'
  `;
  await deleteNamespaces(number);
  await must(['sh', '-c', script]);
}

/** Also those that one who failed half-way made after it had let go of its place; the kernel takes links away a moment later. */
async function deleteNamespaces(number: number): Promise<void> {
  const script = `
    for namespace in $(ip netns list | sed 's/ .*//' | grep -E '^tandem-form-${number}-' || true); do ip netns delete "$namespace" || true; done
    for link in /sys/class/net/tf${number}v*; do [ -e "$link" ] && ip link delete "$(basename "$link")" 2>/dev/null || true; done
  `;
  await must(['sh', '-c', script]);
}

/** When a process began, in ticks since the boot; undefined where there is none. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}
