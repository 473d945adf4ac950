import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeEnvelope } from '../../attestation/dsse.ts';
import { openSigner, signEnvelope } from '../../attestation/signer.ts';
import { approvalOf, authorsOf, requireValid } from '../../deploy/bundle/check.ts';
import { bundleMissing, notAnApprover, ownApproval } from '../../deploy/bundle/errors.ts';
import { signersInForce } from '../../deploy/bundle/in-force.ts';
import { type ReadBundle, readBundle } from '../../deploy/bundle/read.ts';
import { declined } from '../../deploy/errors.ts';
import { openProjectStores } from '../../deploy/project-stores.ts';
import { isMissing } from '../../fs/files.ts';
import { commandGit } from '../../git/command-git.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, warnerOf } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { writeText } from '../write-text.ts';
import type { approvalSchema } from './schema.ts';

export interface ApproveOptions {
  /** The bundle; the signature is added to it. */
  readonly file: string;
  /** Private key, or the `.pub` file of one that the agent holds. @default - the agent's, or ~/.ssh/id_ed25519 */
  readonly key?: string | undefined;
}

export type ApproveResult = ResultOf<typeof approvalSchema>;

/**
 * Shows a bundle's plan, asks, and signs it.
 * @throws TandemError `bundle-missing`, `bundle-expired`, `bundle-of-the-future`, `not-an-approver`, `own-approval`, `declined`, and those of keys and envelopes
 */
export async function approve(context: ActionContext, { file, key }: ApproveOptions): Promise<ApproveResult> {
  const { root, environment, io, now } = context;
  const project = requireProject(context);
  const read = readBundle(readBundleFile(file), basename(file));
  const { bundle, envelope, name, digest } = read;
  requireValid(read, now());
  const stores = await openProjectStores({ root, project, environment, warn: warnerOf(context) });
  try {
    const inForce = await signersInForce(stores, root, bundle.commit);
    const authors = await authorsOf(read, { git: commandGit(root) });
    approvalOf(read, inForce, bundle.plan.approvals, authors);
    const wanted = new Set(inForce.keys.map(({ keyid }) => keyid));
    const passphrase = (path: string) => io.secret(`Passphrase of ${path}`);
    const signer = await openSigner({ file: key, wanted, environment, passphrase });
    const own = inForce.keys.find(({ keyid }) => keyid === signer.keyid);
    if (own === undefined) throw notAnApprover(signer.keyid);
    const mine = inForce.keys.filter(({ person }) => person === own.person);
    const isOwn = mine.some(({ keyid, email }) => authors.has(keyid) || authors.has(email));
    // A lease's owner may approve what they do to it.
    if (isOwn && !bundle.plan.approvals.some(({ authorCounts }) => authorCounts === true))
      throw ownApproval(name, own.person);
    const text = `Approve exactly this, as ${own.person}?`;
    if (!(await io.confirm({ code: 'approve', text, details: describe(read), plan: bundle.plan }))) throw declined();
    const signed = { ...read, envelope: await signEnvelope(envelope, signer) };
    const { approvedBy, missing } = approvalOf(signed, inForce, bundle.plan.approvals, authors);
    writeText(file, writeEnvelope(signed.envelope));
    return { file, bundle: digest, by: own.person, approvedBy, missing, expiresAt: bundle.expiresAt };
  } finally {
    await stores.close();
  }
}

/** @throws TandemError `bundle-missing` */
export function readBundleFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) throw bundleMissing(file);
    throw error;
  }
}

function describe({ bundle, digest }: ReadBundle): string {
  const { commit, author, createdAt, expiresAt, stacks } = bundle;
  const removed = stacks.filter(({ destroy }) => destroy).map(({ id }) => id);
  return [
    `bundle ${digest}`,
    `of commit ${commit}, made by ${author.by} at ${createdAt}, valid until ${expiresAt}`,
    ...(removed.length === 0 ? [] : [`it removes ${removed.join(', ')}`]),
  ].join('\n');
}
