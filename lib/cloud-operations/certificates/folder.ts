import type { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { onFile } from '../../fs/fault.ts';
import { writeFileAtomic } from '../../fs/files.ts';
import { type PemContent, readPem } from '../../private-cloud/certificates/pem.ts';
import type { CertificateUse } from '../../private-cloud/certificates/uses.ts';

type Files = Pick<CertificateUse, 'file' | 'keyFile'>;

/** Certificates of a cloud on the deployment host, below the folder of its secrets. Keys are compared, and never told. */
export class CertificateFolder {
  readonly #secrets: string;

  constructor(secrets: string) {
    this.#secrets = secrets;
  }

  /** Where kolla-ansible reads them, by the paths of their uses. */
  get own(): string {
    return this.#secrets;
  }

  /** Where new ones are laid down, under the paths of the old ones. */
  get fresh(): string {
    return join(this.#secrets, 'new');
  }

  /** Of one use; undefined where a file of it is missing. */
  read(folder: string, { file, keyFile }: Files): PemContent | undefined {
    const paths = [file, ...(keyFile === undefined ? [] : [keyFile])].map((each) => join(folder, each));
    if (!paths.every((path) => existsSync(path))) return undefined;
    return readPem(paths.map((path) => onFile(path, () => readFileSync(path, 'utf8'))).join('\n'));
  }

  /** Authorities that the cloud's containers get (`certificates/ca`), and those that every system trusts. */
  trusted(): readonly X509Certificate[] {
    const folder = join(this.own, 'certificates/ca');
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    const own = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
    return [...own.map((path) => onFile(path, () => readFileSync(path, 'utf8'))), ...rootCertificates].flatMap(
      (text) => readPem(text).certificates,
    );
  }

  /**
   * Puts new files in the place of the old ones, which are kept in a folder of the operation. What is in place already stays: done again, it
   * keeps what it kept.
   */
  place(from: string, { file, keyFile }: Files, operation: string): void {
    const kept = join(this.#secrets, 'previous', operation);
    for (const name of [file, ...(keyFile === undefined ? [] : [keyFile])]) {
      const [source, target] = [join(from, name), join(this.own, name)];
      onFile(target, () => {
        const content = readFileSync(source);
        if (existsSync(target) && readFileSync(target).equals(content)) return;
        mkdirSync(dirname(join(kept, name)), { recursive: true, mode: 0o700 });
        if (existsSync(target) && !existsSync(join(kept, name))) copyFileSync(target, join(kept, name));
        writeFileAtomic(target, content);
      });
    }
  }
}
