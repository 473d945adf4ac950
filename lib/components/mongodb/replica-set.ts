/** Limits of MongoDB 8.0. */
export const MOST_MEMBERS = 50;
const MOST_VOTERS = 7;

/** Members that vote, of so many. */
export function voters(members: number): number {
  return Math.min(members, MOST_VOTERS);
}

/**
 * The members by index, for `mongosh`: the first seven vote, and priority says who is elected first; of who has none nobody is. Servers are
 * spread over the zones in turn; who is in the zone of the first is preferred, so that the primary returns to one zone after a failure, near
 * to where clients learned to find it. The script counts the servers when it runs, so that another server changes no text of the user data.
 */
export const MEMBERS_IN_SHELL = `function replicaSetMembers(hosts, zones) {
  return hosts.map((host, index) => {
    const votes = index < ${MOST_VOTERS} ? 1 : 0;
    const priority = votes === 0 ? 0 : index % zones === 0 ? 2 : 1;
    return { _id: index, host, votes, priority };
  });
}`;
