import { type PublicKey, publicKeyOf } from '../../attestation/public-key.ts';
import type { Approvers } from '../../config/schema/approvers.ts';
import type { ApprovalNeed } from '../../plan/model.ts';

/** A key with the person that it belongs to. */
export interface PersonKey extends PublicKey {
  readonly person: string;
  readonly email: string;
  readonly groups: readonly string[];
}

/** Who may sign: keys of people whom the configuration names, and, where it was another before, that one too. */
export interface Signers {
  readonly keys: readonly PersonKey[];
  /** What must be approved whatever the plan says: the configuration of approvals itself changes. */
  readonly needs: readonly ApprovalNeed[];
}

/**
 * Signatures that count. Where the configuration of approvals was another at the last deployment under approval, the keys of then count,
 * of those whom it still names, and one of them must approve: no change approves itself. Pure.
 * @param before of the last deployment under approval; undefined where there was none: the first one trusts its own commit
 * @param hasChanged whether what decides on approvals differs from then
 */
export function signersFrom(now: Approvers, before: Approvers | undefined, hasChanged: boolean): Signers {
  if (before === undefined || !hasChanged) return { keys: keysOf(now), needs: [] };
  const known = keysOf(before);
  const staying = known.filter(({ person }) => Object.hasOwn(now.people, person));
  // Who would take away everybody is approved by anybody of them.
  const keys = staying.length > 0 ? staying : known;
  const need: ApprovalNeed = {
    rule: 'approvals-change',
    reason: 'who approves, or what must be approved, changes with this commit',
    count: Math.max(1, before.count),
    of: before.of,
  };
  return { keys, needs: [need] };
}

/** Whether anybody could approve anything: before that, nothing asks for an approval. */
export function hasApprovers(approvers: Approvers | undefined): approvers is Approvers {
  return approvers !== undefined && Object.values(approvers.people).some(({ keys }) => keys.length > 0);
}

function keysOf({ people }: Approvers): PersonKey[] {
  return Object.entries(people).flatMap(([person, { email, groups, keys }]) =>
    keys.flatMap((line) => {
      const key = publicKeyOf(line);
      return key === undefined ? [] : [{ ...key, person, email: email.toLowerCase(), groups }];
    }),
  );
}

export interface Judgement {
  /** People whose approval counts, sorted. */
  readonly approvedBy: readonly string[];
  /** What is still needed; empty where it may be deployed. */
  readonly missing: readonly (ApprovalNeed & { readonly have: number })[];
}

/**
 * Whether those who signed are enough. Nobody approves what is theirs: neither whose key made the bundle, nor who wrote its commits.
 * @param known every key that may sign: an author who signs with another key of theirs stays the author
 * @param authors fingerprints and e-mail addresses of its authors
 */
export function judgeApproval(
  signed: readonly PersonKey[],
  known: readonly PersonKey[],
  needs: readonly ApprovalNeed[],
  authors: ReadonlySet<string>,
): Judgement {
  const own = new Set(
    known.filter(({ keyid, email }) => authors.has(keyid) || authors.has(email)).map(({ person }) => person),
  );
  const others = signed.filter(({ person }) => !own.has(person));
  const missing = needs.flatMap((need) => {
    const from = need.authorCounts === true ? signed : others;
    const counting = new Set(from.filter((key) => counts(key, need)).map(({ person }) => person));
    return counting.size >= need.count ? [] : [{ ...need, have: counting.size }];
  });
  return { approvedBy: [...new Set(others.map(({ person }) => person))].sort(), missing };
}

function counts({ person, email, groups }: PersonKey, { of }: ApprovalNeed): boolean {
  if (of.length === 0) return true;
  return of.some((each) => each === person || each.toLowerCase() === email || groups.includes(each));
}
