import { resolve } from 'node:path';
import { CertificateFolder } from '../../cloud-operations/certificates/folder.ts';
import { type ListedCertificate, listCertificates } from '../../cloud-operations/certificates/look.ts';
import { lookRotation, runRotation } from '../../cloud-operations/certificates/rotate.ts';
import { tlsProbe } from '../../cloud-operations/certificates/tls-probe.ts';
import { declined } from '../../deploy/errors.ts';
import { type RotationStep } from '../../private-cloud/certificates/rotate.ts';
import { certificateUses } from '../../private-cloud/certificates/uses.ts';
import { chooseKollaCloud, type KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';
import { kollaAccess } from './kolla-access.ts';

export interface CertificatesOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Days before its end from which on a certificate is told. @default 30 */
  readonly warnDays?: number | undefined;
  /** Names of those to rotate. */
  readonly rotate?: readonly string[] | undefined;
  /** Rotates every one that has a new file. @default false */
  readonly all?: boolean;
  /** Folder with the new files, under the paths of the old ones. @default `new` in the folder of the secrets */
  readonly from?: string | undefined;
  /** Runs the rotation, after asking. @default false */
  readonly run?: boolean;
}

export interface CertificatesResult {
  readonly cloud: string;
  readonly folder: string;
  readonly warnDays: number;
  readonly certificates: readonly ListedCertificate[];
  readonly steps: readonly RotationStep[];
  readonly executed: boolean;
}

/**
 * Lists the certificates of a cloud, and rotates them.
 * @throws TandemError `no-such-certificate`, `certificate-unfit`, `rotation-failed`, `declined`
 */
export async function cloudCertificates(
  context: ActionContext,
  options: CertificatesOptions,
): Promise<CertificatesResult> {
  const cloud = chooseKollaCloud(requireProject(context), options.cloud);
  const folder = new CertificateFolder(cloud.value.kolla.secrets);
  const uses = certificateUses(cloud.name, cloud.value);
  const { warnDays = 30 } = options;
  const from = options.from === undefined ? folder.fresh : resolve(options.from);
  const fresh = uses
    .filter((use) => use.renewal !== 'deploy' && folder.read(from, use) !== undefined)
    .map(({ name }) => name);
  const names = options.all === true ? fresh : (options.rotate ?? []);
  const rotation =
    names.length === 0
      ? { steps: [], executed: false }
      : await rotate(context, cloud, { folder, from, names }, options);
  const certificates = listCertificates(folder, uses, context.now(), warnDays);
  return { cloud: cloud.name, folder: folder.own, warnDays, certificates, ...rotation };
}

async function rotate(
  context: ActionContext,
  cloud: KollaCloud,
  { folder, from, names }: { folder: CertificateFolder; from: string; names: readonly string[] },
  { run = false }: CertificatesOptions,
): Promise<Pick<CertificatesResult, 'steps' | 'executed'>> {
  const { signal, io } = context;
  return await withClouds(context, requireProject(context), async (ports) => {
    const { inventory, ...access } = await kollaAccess(context, ports, cloud, { readsCertificates: true });
    const request = {
      cloud,
      inventory,
      from,
      names,
      uses: certificateUses(cloud.name, cloud.value),
      now: context.now(),
    };
    const plan = await lookRotation(access.hosts, folder, request, signal);
    const { steps } = plan;
    if (!run) return { steps, executed: false };
    const details = steps
      .flatMap(({ key, unavailable }) => [key, ...unavailable.map((each) => `   ${each}`)])
      .join('\n');
    if (!(await io.confirm({ code: 'rotate', text: `Rotate ${names.join(', ')} of ${cloud.name}?`, details })))
      throw declined();
    const onStep = (key: string, phase: string): void => inform(context, `${key}: ${phase}`);
    await runRotation({ ...ports, ...access, folder, probe: tlsProbe, onStep }, plan, {
      signal,
      emit: io.emit.bind(io),
    });
    return { steps, executed: true };
  });
}
