/** Certificates for tests: X.509 version 3, signed by their own key, in DER by hand, since Node.js reads them but makes none. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

interface Wanted {
  /** Host names, or addresses of version 4. */
  readonly names: readonly string[];
  /** @default the year 2020 */
  readonly from?: Date;
  /** @default the year 2049 */
  readonly until?: Date;
  /** @default a new one */
  readonly key?: KeyObject;
}

/** One value: its tag, its length, its content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const ECDSA_SHA256 = der(0x30, hex('06082a8648ce3d040302'));
const time = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

/** A certificate and its key, as PEM. */
export function makeCertificate({ names, from, until, key }: Wanted): { certificate: string; key: string } {
  const own = key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const publicKey = createPublicKey(own).export({ type: 'spki', format: 'der' });
  const name = der(0x30, der(0x31, der(0x30, hex('0603550403'), der(0x0c, Buffer.from(names[0] ?? 'test')))));
  const validity = der(0x30, time(from ?? new Date('2020-01-01')), time(until ?? new Date('2049-01-01')));
  const alternatives = names.map((each) =>
    /^[\d.]+$/.test(each) ? der(0x87, Buffer.from(each.split('.').map(Number))) : der(0x82, Buffer.from(each)),
  );
  const extension = der(0x30, hex('0603551d11'), der(0x04, der(0x30, ...alternatives)));
  const body = der(
    0x30,
    ...[der(0xa0, hex('020102')), der(0x02, hex('01')), ECDSA_SHA256, name, validity, name, publicKey],
    ...(names.length === 0 ? [] : [der(0xa3, der(0x30, extension))]),
  );
  const signature = der(0x03, hex('00'), sign('sha256', body, own));
  const text = der(0x30, body, ECDSA_SHA256, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${text.trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: own.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
