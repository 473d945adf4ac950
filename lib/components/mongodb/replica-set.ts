/** Limits of MongoDB 8.0. */
export const MOST_MEMBERS = 50;
const MOST_VOTERS = 7;

export interface ReplicaSetMember {
  readonly votes: 0 | 1;
  /** Who is elected first: above 0 it can be a primary. */
  readonly priority: number;
}

/** Members that vote, of so many. */
export function voters(members: number): number {
  return Math.min(members, MOST_VOTERS);
}

/** Votes that make a primary, and members that hold an acknowledged write. */
export function majorityOf(members: number): number {
  return Math.floor(voters(members) / 2) + 1;
}

/**
 * The members by index: the first seven vote. Servers are spread over the zones in turn; who is in the zone of the first is preferred,
 * so that the primary returns to one zone after a failure, near to where clients learned to find it.
 */
export function replicaSetMembers(members: number, zones: number): readonly ReplicaSetMember[] {
  return Array.from({ length: members }, (_, index) => {
    if (index >= MOST_VOTERS) return { votes: 0, priority: 0 };
    return { votes: 1, priority: index % Math.max(1, zones) === 0 ? 2 : 1 };
  });
}

/**
 * The same in the words of a script for `mongosh`: it counts the servers when it runs, so that another server changes no text of the
 * user data. A test holds both to each other.
 */
export const MEMBERS_IN_SHELL = `function replicaSetMembers(hosts, zones) {
  return hosts.map((host, index) => {
    const votes = index < ${MOST_VOTERS} ? 1 : 0;
    const priority = votes === 0 ? 0 : index % zones === 0 ? 2 : 1;
    return { _id: index, host, votes, priority };
  });
}`;
