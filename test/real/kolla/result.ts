import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that kolla-ansible wrote for a service of a host. */
export function resultOf(folder: string, host: string, path: string): string {
  return readFileSync(join(folder, 'out', host, path), 'utf8');
}

/** Every file that it wrote, relative to `out/`. */
export function allResults(folder: string, below = 'out'): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = `${below}/${entry.name}`;
    return entry.isDirectory() ? allResults(folder, path) : [path];
  });
}

/** The servers of each back end of HAProxy, `name address:port`, by back end. */
export function backEnds(folder: string, host: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(join(folder, 'out', host, 'haproxy/services.d'))) {
    let name = '';
    for (const line of resultOf(folder, host, `haproxy/services.d/${file}`).split('\n')) {
      name = /^backend (\S+)$/.exec(line)?.[1] ?? name;
      const [, server, address] = /^ {4}server (\S+) (\S+) /.exec(line) ?? [];
      if (server !== undefined) found.set(name, [...(found.get(name) ?? []), `${server} ${address ?? ''}`]);
    }
  }
  return found;
}

/** A key of an INI file, wherever it stands. */
export function valueOf(content: string, key: string): string | undefined {
  return new RegExp(`^${key} = ?(.*)$`, 'm').exec(content)?.[1];
}

export function addressesIn(content: string): string[] {
  return content.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? [];
}
