import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { versions } from 'node:process';
import { writeEnvelope } from '../../attestation/dsse.ts';
import { openSigner, type Signer, signEnvelope } from '../../attestation/signer.ts';
import type { Project } from '../../config/project.ts';
import { SOURCES } from '../../deploy/bundle/check.ts';
import { bundleNeedsCommit, notAnApprover } from '../../deploy/bundle/errors.ts';
import { freeze } from '../../deploy/bundle/freeze.ts';
import { macWith, newHiddenKey } from '../../deploy/bundle/hidden.ts';
import { type InForce, signersInForce } from '../../deploy/bundle/in-force.ts';
import { requireAllowed } from '../../deploy/bundle/require-bundle.ts';
import { chooseDeploy } from '../../deploy/choose.ts';
import { planLive } from '../../deploy/plan-live.ts';
import type { DeployPorts, Target } from '../../deploy/ports.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { Plan } from '../../plan/model.ts';
import { digestOf } from '../../stack/synthesized.ts';
import { CODE_ROOT } from '../../synthesis/code.ts';
import { engineOptions, withClouds } from '../clouds.ts';
import { type ActionContext, inform } from '../context.ts';
import { tellSkipped } from '../deploy/skipped.ts';
import { writeText } from '../write-text.ts';
import { commitsOf, judged } from './judge.ts';

export interface BundleOut {
  /** File that gets the bundle. */
  readonly file: string;
  /** Private key that signs it. @default - the agent's, or ~/.ssh/id_ed25519, where it is an approver's */
  readonly key?: string | undefined;
}

/** Plans what is asked for against the live clouds, and freezes it for approval. */
export async function bundleSelected(
  context: ActionContext,
  project: Project,
  selectors: readonly string[],
  out: BundleOut,
): Promise<Plan> {
  return await withClouds(context, project, async (ports) => {
    const { targets, left } = await chooseDeploy(ports, project, selectors);
    tellSkipped(context, left);
    return await makeBundle(context, ports, project, targets, out);
  });
}

/** Plans targets against the live clouds, and writes the bundle. @throws TandemError `bundle-needs-commit`, `not-an-approver` and those of `freeze` */
export async function makeBundle(
  context: ActionContext,
  ports: DeployPorts,
  project: Project,
  targets: readonly Target[],
  { file, key }: BundleOut,
): Promise<Plan> {
  if (ports.commit === '') throw bundleNeedsCommit('this project is in no repository, or has no commit yet');
  if (await ports.git.isDirty(SOURCES)) throw bundleNeedsCommit('the checkout has changes that are not committed');
  const { value } = project.organisation;
  const inForce = await signersInForce(ports, context.root, ports.commit);
  const signer = await signerOf(context, inForce, key);
  const hiddenKey = newHiddenKey();
  const mac = macWith(hiddenKey);
  const options = { ...engineOptions(context), concurrentStacks: context.parallelism, mac };
  const bare = await planLive(ports, { project, targets }, options);
  const plan = await judged(context, project, bare, await commitsOf(ports.records, bare), mac);
  requireAllowed(plan);
  const envelope = await freeze(ports, {
    ...{ organisation: value.organisation.name, targets, plan, hiddenKey },
    recipients: value.state.recipients,
    validHours: inForce.validHours,
    keyid: signer?.keyid ?? null,
    versions: versionsUsed(),
    locks: locksOf(context.root),
  });
  writeText(file, writeEnvelope(signer === undefined ? envelope : await signEnvelope(envelope, signer)));
  const by = signer === undefined ? 'not signed yet' : `signed by ${signer.keyid}`;
  inform(context, `${file} is a bundle of this plan, ${by}; others approve it with \`tandem approve ${file}\``);
  return plan;
}

/** The author's own key, where it is one that counts. One that was named and does not is an error. */
async function signerOf(
  { environment, io }: Pick<ActionContext, 'environment' | 'io'>,
  { keys }: InForce,
  file: string | undefined,
): Promise<Signer | undefined> {
  const wanted = new Set(keys.map(({ keyid }) => keyid));
  if (file !== undefined) {
    const signer = await openSigner({ file, environment, passphrase: (path) => io.secret(`Passphrase of ${path}`) });
    if (!wanted.has(signer.keyid)) throw notAnApprover(signer.keyid);
    return signer;
  }
  try {
    const signer = await openSigner({ wanted, environment, passphrase: () => Promise.resolve(undefined) });
    return wanted.has(signer.keyid) ? signer : undefined;
  } catch (error) {
    if (error instanceof TandemError) return undefined;
    throw error;
  }
}

function versionsUsed(): Record<string, string> {
  const { version } = createRequire(import.meta.url)(join(CODE_ROOT, 'package.json')) as { version: string };
  return { tandem: version, node: versions.node };
}

function locksOf(root: string): Record<string, string> {
  const file = 'package-lock.json';
  return existsSync(join(root, file)) ? { [file]: digestOf(readFileSync(join(root, file), 'utf8')) } : {};
}
