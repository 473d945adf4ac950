import { createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HaLayout } from './layout.ts';

/** In Kolla's generated files each secret is its name: `secret-keystone-database-password`. */
const PLACEHOLDER = /secret-[a-z0-9]+(?:-[a-z0-9]+)*/g;

/** Made once for a seed, whose database holds them too; nothing outside the name spaces can use one. */
export class HaSecrets {
  readonly #master: Buffer;

  constructor(master: Buffer) {
    this.#master = master;
  }

  /** The value of a password of Kolla's, by its name there: `keystone_admin_password`. */
  get(name: string): string {
    return createHmac('sha256', this.#master).update(name.replaceAll('_', '-')).digest('hex').slice(0, 32);
  }

  /** A Fernet key of Keystone's. */
  key(name: string): string {
    return createHmac('sha256', this.#master)
      .update(`key ${name}`)
      .digest('base64')
      .replaceAll('+', '-')
      .replaceAll('/', '_');
  }

  /** A text with every placeholder replaced. */
  fill(text: string): string {
    return text.replaceAll(PLACEHOLDER, (placeholder) => this.get(placeholder.slice('secret-'.length)));
  }
}

export async function openSecrets(layout: HaLayout): Promise<HaSecrets> {
  const file = join(layout.cache, 'master');
  const kept = await readFile(file).catch(() => undefined);
  if (kept?.length === 32) return new HaSecrets(kept);
  const fresh = randomBytes(32);
  await mkdir(layout.cache, { recursive: true });
  await writeFile(file, fresh, { mode: 0o600 });
  await chmod(file, 0o600);
  return new HaSecrets(fresh);
}
