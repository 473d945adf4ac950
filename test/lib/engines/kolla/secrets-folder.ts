import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SecretFile } from '../../../../lib/private-cloud/kolla/secret-files.ts';
import { makeCertificate } from '../../../certificates.ts';

/** Writes what a deployment reads, as it should be: certificates for the names that are asked for, a key each. */
export function writeSecrets(folder: string, files: readonly SecretFile[]): void {
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const file of files) {
    const { certificate, key } = makeCertificate({ names: file.names ?? [] });
    if (file.kind === 'certificate' && file.key !== undefined) {
      write(file.path, certificate);
      write(file.key, key);
    } else if (file.kind === 'certificate-and-key') write(file.path, `${certificate}${key}`);
    else if (file.kind === 'authorities')
      write(file.path.endsWith('/') ? `${file.path}root.crt` : file.path, certificate);
    else if (file.kind === 'keyring') write(file.path, '[client.test]\nkey = AQB-not-a-key==\n');
    else if (file.kind === 'ceph-conf') write(file.path, '[global]\nmon_host = 10.0.0.1\n');
    else if (file.kind === 'image') write(file.path, 'an image');
    else if (file.kind === 'key' && !files.some((each) => each.key === file.path)) write(file.path, key);
  }
}
