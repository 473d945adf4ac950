import { signersOf } from '../../attestation/verify.ts';
import type { ApprovalNeed } from '../../plan/model.ts';
import { compareIds } from '../../stack/id.ts';
import { describeTarget, type StackTarget } from '../../stack/target.ts';
import type { DeployPorts, Target } from '../ports.ts';
import { type Judgement, judgeApproval } from './approvers.ts';
import {
  bundleDeployedAlready,
  bundleExpired,
  bundleNotApproved,
  bundleOfAnother,
  bundleOfTheFuture,
  bundleUnsigned,
} from './errors.ts';
import { type InForce, LOOKED_THROUGH } from './in-force.ts';
import type { ReadBundle } from './read.ts';

/** What a synthesis reads. */
export const SOURCES: readonly string[] = ['config', 'stacks', 'package-lock.json'];

/** By how much clocks of several machines may differ, in milliseconds. */
const CLOCKS_DIFFER = 5 * 60_000;

/** @throws TandemError `bundle-expired`, and `bundle-of-the-future` where a clock that is behind would bring an old one back */
export function requireValid({ name, bundle }: ReadBundle, now: Date): void {
  if (now.getTime() < Date.parse(bundle.createdAt) - CLOCKS_DIFFER)
    throw bundleOfTheFuture(name, bundle.createdAt, now);
  if (now.getTime() >= Date.parse(bundle.expiresAt)) throw bundleExpired(name, bundle.expiresAt);
}

/** Requires that a bundle is of this project, and of the commit that is checked out. @throws TandemError `bundle-of-another` */
export async function requireOurs(
  { name, bundle }: ReadBundle,
  { git, commit }: Pick<DeployPorts, 'git' | 'commit'>,
  organisation: string,
): Promise<void> {
  if (bundle.organisation !== organisation)
    throw bundleOfAnother(name, `it is of organisation ${bundle.organisation}, and this is ${organisation}`);
  if (bundle.commit !== commit)
    throw bundleOfAnother(
      name,
      `it is of commit ${bundle.commit.slice(0, 10)}, and ${commit.slice(0, 10)} is checked out`,
    );
  if (await git.isDirty(SOURCES)) throw bundleOfAnother(name, 'the checkout has changes that are not committed');
}

/** Requires that what is about to be deployed is, byte for byte and place for place, what was frozen. @throws TandemError `bundle-of-another` */
export function requireSame({ name, bundle }: ReadBundle, targets: readonly Target[]): void {
  const frozen = new Map(bundle.stacks.map((stack) => [stack.id, stack]));
  const refuse = (what: string): Error => bundleOfAnother(name, what);
  for (const { stack, destroy } of targets) {
    const own = frozen.get(stack.id);
    if (own === undefined) throw refuse(`${stack.id} is not in it`);
    frozen.delete(stack.id);
    if (own.destroy !== destroy)
      throw refuse(
        `${stack.id} would be ${destroy ? 'removed' : 'made'}, and is ${own.destroy ? 'removed' : 'made'} there`,
      );
    if (JSON.stringify(sorted(own.target)) !== JSON.stringify(sorted(stack.target)))
      throw refuse(`${stack.id} goes to ${describeTarget(stack.target)}, and to ${describeTarget(own.target)} there`);
    if (own.artefact !== stack.text) throw refuse(`the artefact of ${stack.id} is another: other versions made it`);
  }
  const [left] = [...frozen.keys()].sort(compareIds);
  if (left !== undefined) throw refuse(`${left} is in it, and is neither configured nor recorded any more`);
}

/** Every word of a target, the ways to it included. */
function sorted(target: StackTarget): unknown {
  return Object.entries(target).sort(([a], [b]) => compareIds(a, b));
}

/** @throws TandemError `bundle-deployed-already` */
export async function requireNew(
  { name, digest }: ReadBundle,
  { journal }: Pick<DeployPorts, 'journal'>,
): Promise<void> {
  const ended = await journal.history(LOOKED_THROUGH);
  const earlier = ended.find(({ outcome, arguments: given }) => outcome === 'succeeded' && given['bundle'] === digest);
  if (earlier !== undefined) throw bundleDeployedAlready(name, earlier.id);
}

/** Who wrote what a bundle deploys: the key that made it, and those whose commits came since the last deployment of one of its stacks. */
export async function authorsOf(
  { bundle }: Pick<ReadBundle, 'bundle'>,
  { git }: Pick<DeployPorts, 'git'>,
): Promise<ReadonlySet<string>> {
  const deployed = bundle.stacks.flatMap(({ record }) => (record === null || record.commit === '' ? [] : [record]));
  const [last] = deployed.sort((a, b) => (a.at < b.at ? 1 : -1));
  const since = last !== undefined && (await git.isAncestor(last.commit, bundle.commit)) ? last.commit : undefined;
  const emails = await git.authorsOf(SOURCES, since === bundle.commit ? undefined : since);
  return new Set([...emails, ...(bundle.author.keyid === null ? [] : [bundle.author.keyid])]);
}

/**
 * Verifies every signature, and whether those who made them are enough.
 * @param needs of the plan @throws TandemError `signature-unknown`, `signature-invalid`, `signature-twice`
 */
export function approvalOf(
  { envelope, name }: ReadBundle,
  inForce: InForce,
  needs: readonly ApprovalNeed[],
  authors: ReadonlySet<string>,
): Judgement {
  const signed = signersOf(envelope, inForce.keys, name);
  return judgeApproval(signed, inForce.keys, [...needs, ...inForce.needs], authors);
}

/** @returns who approved @throws TandemError `bundle-unsigned`, `bundle-not-approved`, and those of signatures */
export function requireApproved(
  read: ReadBundle,
  inForce: InForce,
  needs: readonly ApprovalNeed[],
  authors: ReadonlySet<string>,
): readonly string[] {
  if (read.envelope.signatures.length === 0) throw bundleUnsigned(read.name);
  const { approvedBy, missing } = approvalOf(read, inForce, needs, authors);
  if (missing.length > 0) throw bundleNotApproved(read.name, missing);
  return approvedBy;
}
