/** Debian's promtool: the one on the path, else from the package `prometheus`, unpacked and not installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '../../../.tandem/cache/promtool');

export function promtool(): string {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'pipe' });
    return 'promtool';
  } catch {
    const program = join(CACHE, 'usr/bin/promtool');
    if (existsSync(program)) return program;
    mkdirSync(CACHE, { recursive: true });
    execFileSync('apt-get', ['download', 'prometheus'], { cwd: CACHE, stdio: 'pipe' });
    const [archive = ''] = readdirSync(CACHE).filter((name) => name.endsWith('.deb'));
    execFileSync('dpkg-deb', ['--extract', archive, '.'], { cwd: CACHE, stdio: 'pipe' });
    return program;
  }
}
