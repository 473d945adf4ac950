import { existsSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import {
  labDirectoryInUse,
  labNoMemory,
  labNoSpace,
  labNotRoot,
  labPortTaken,
  labToolMissing,
  labUnsupportedSystem,
} from '../errors.ts';
import { LAB_PORTS } from './endpoints.ts';
import type { LabLayout } from './layout.ts';
import { listeners } from './listeners.ts';

const TOOLS = {
  unshare: 'to create namespaces',
  nsenter: 'to enter them',
  setpriv: 'to run services as their own users',
  'apt-get': 'to fetch packages',
  'dpkg-deb': 'to unpack packages',
};

/** Files that a lab makes in its directory; anything else there belongs to somebody. */
const OWN_ENTRIES = new Set([
  'root',
  'root.partial',
  'root.json',
  'cache',
  'mirror',
  'bin',
  'tools',
  'state',
  'log',
  'run',
  'clouds.yaml',
  'terraform.rc',
  'images',
]);

export function requireRoot(): void {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) throw labNotRoot({ uid });
}

export async function requireDebian12(): Promise<void> {
  const release = parseRelease(await readFile('/etc/os-release', 'utf8').catch(() => ''));
  const found = `${release.get('PRETTY_NAME') ?? process.platform} on ${process.arch}`;
  if (release.get('ID') !== 'debian' || release.get('VERSION_ID') !== '12' || process.arch !== 'x64')
    throw labUnsupportedSystem({ found });
}

export function parseRelease(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/^([A-Z_]+)="?(.*?)"?$/gm)];
  return new Map(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']));
}

export function requireTools(): void {
  for (const [tool, purpose] of Object.entries(TOOLS)) {
    if (onPath(tool) === undefined) throw labToolMissing({ tool, purpose });
  }
}

export function onPath(tool: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, tool))
    .find((path) => existsSync(path));
}

/** Refuses a directory that somebody else uses: `down` removes all of it. */
export async function requireOwnDirectory(layout: LabLayout): Promise<void> {
  const entries = await readdir(layout.directory).catch(() => []);
  const foreign = entries.filter((name) => !OWN_ENTRIES.has(name));
  if (foreign.length > 0)
    throw labDirectoryInUse({ directory: layout.directory, found: foreign.slice(0, 3).join(', ') });
}

export async function requireSpace(layout: LabLayout, installed: boolean): Promise<void> {
  const neededMib = installed ? 1024 : 6144;
  const { bavail, bsize } = await statfs(layout.directory);
  const freeMib = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMib < neededMib) throw labNoSpace({ directory: layout.directory, freeMib, neededMib });
}

/** About 4 GiB for the services, and 80 MiB for each hypervisor with its chassis. */
export async function requireMemory(hypervisors: number): Promise<void> {
  const neededMib = 5120 + hypervisors * 80;
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(await readFile('/proc/meminfo', 'utf8'));
  const availableMib = Math.floor(Number(match?.[1] ?? 0) / 1024);
  if (availableMib < neededMib) throw labNoMemory({ availableMib, neededMib });
}

export async function requirePorts(): Promise<void> {
  const open = await listeners();
  const ports = Object.entries(LAB_PORTS).flatMap(([service, port]) => {
    const taken = open.find((listener) => listener.port === port);
    return taken === undefined ? [] : [{ port, service, owner: taken.owner }];
  });
  if (ports.length > 0) throw labPortTaken({ ports });
}
