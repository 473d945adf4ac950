import { createHmac, randomBytes } from 'node:crypto';
import type { Mac } from '../../engines/engine.ts';
import { openWith, sealTo } from '../../secrets/age.ts';
import { bundleKeyClosed } from './errors.ts';

/** A key of its own for each bundle: nobody who has two bundles can tell whether a secret is the same in both. */
export function newHiddenKey(): Buffer {
  return randomBytes(32);
}

/** HMAC-SHA-256 of a value that must not be shown. */
export function macWith(key: Uint8Array): Mac {
  return (value) =>
    createHmac('sha256', key)
      .update(JSON.stringify(value ?? null))
      .digest('base64');
}

/** The key for those who deploy, and for nobody else. */
export async function sealHiddenKey(recipients: readonly string[], key: Uint8Array): Promise<string> {
  return await sealTo(recipients, Buffer.from(key).toString('base64'));
}

/** @throws TandemError `bundle-key-closed` */
export async function openHiddenKey(identities: readonly string[], sealed: string): Promise<Buffer> {
  const opened = identities.length === 0 ? undefined : await openWith(identities, sealed);
  if (opened === undefined) throw bundleKeyClosed();
  return Buffer.from(opened, 'base64');
}
