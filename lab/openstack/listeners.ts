import { readdir, readFile, readlink } from 'node:fs/promises';
import { allProcesses, commandLine } from './process-id.ts';

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly inode: string;
  /** The program, as far as this process may see it. */
  readonly owner: string;
  readonly pid: number | undefined;
}

/** Every listening TCP socket and bound UDP socket of this machine, and whose it is. */
export async function listeners(): Promise<readonly Listener[]> {
  const tables = [
    { file: '/proc/net/tcp', protocol: 'tcp', state: '0A' },
    { file: '/proc/net/tcp6', protocol: 'tcp', state: '0A' },
    { file: '/proc/net/udp', protocol: 'udp', state: '07' },
    { file: '/proc/net/udp6', protocol: 'udp', state: '07' },
  ] as const;
  const sockets = (
    await Promise.all(
      tables.map(async ({ file, protocol, state }) =>
        parseSockets(await readFile(file, 'utf8').catch(() => ''), state).map((socket) => ({ protocol, ...socket })),
      ),
    )
  ).flat();
  const owners = await socketOwners(new Set(sockets.map(({ inode }) => inode)));
  return sockets.map((socket) => {
    const pid = owners.get(socket.inode);
    const owner = pid === undefined ? 'another program' : `${commandLine(pid)[0] ?? 'a program'} (process ${pid})`;
    return { ...socket, pid, owner };
  });
}

/** Lines of /proc/net/tcp and its like: addresses are hexadecimal, each 32-bit word little-endian. */
export function parseSockets(text: string, state: string): readonly { address: string; port: number; inode: string }[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address, port] = (fields[1] ?? '').split(':');
      if (address === undefined || port === undefined || fields[3] !== state) return [];
      return [{ address: parseAddress(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' }];
    });
}

function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? `::ffff:${bytes.slice(12).join('.')}` : groups.join(':');
}

async function socketOwners(inodes: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const owners = new Map<string, number>();
  for (const pid of allProcesses()) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) owners.set(inode, pid);
    }
  }
  return owners;
}
