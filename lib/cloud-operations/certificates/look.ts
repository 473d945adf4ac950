import { type CertificateReport, inspect, NOTHING } from '../../private-cloud/certificates/inspect.ts';
import type { CertificateUse } from '../../private-cloud/certificates/uses.ts';
import type { CertificateFolder } from './folder.ts';

export interface ListedCertificate extends CertificateReport {
  readonly name: string;
  readonly file: string;
  readonly serves: string;
  readonly renewal: CertificateUse['renewal'];
}

/** Every certificate that a cloud's settings ask for, as its file is. */
export function listCertificates(
  folder: CertificateFolder,
  uses: readonly CertificateUse[],
  now: Date,
  warnDays: number,
): ListedCertificate[] {
  const trusted = folder.trusted();
  return uses.map((use) => {
    const content = folder.read(folder.own, use);
    const needs = { names: use.names, needsKey: use.needsKey, trusted };
    const report = content === undefined ? NOTHING : inspect(content, needs, now, warnDays);
    return { name: use.name, file: use.file, serves: use.serves, renewal: use.renewal, ...report };
  });
}
