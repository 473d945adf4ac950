/**
 * A model of how a replica set of MongoDB elects and acknowledges (protocol version 1), small enough that every order of events is tried.
 * What it keeps: terms, votes by term, logs with the term of each entry, roll-back of what a new primary does not have, acknowledgement
 * when a majority has an entry of the primary's own term. Messages are actions of two members that reach each other, in any order, so each
 * action is also what a partition lets through. What is durable stays through a crash: votes, terms and the log (writes are journaled).
 */
export interface Voter {
  readonly votes: 0 | 1;
  readonly priority: number;
}

export interface Rules {
  readonly members: readonly Voter[];
  /** Votes that elect. */
  readonly electBy: number;
  /** Members that have what is acknowledged. */
  readonly acknowledgeBy: number;
  /** Bounds of the search. */
  readonly terms: number;
  readonly writes: number;
}

interface Member {
  readonly up: boolean;
  readonly primary: boolean;
  readonly term: number;
  /** The last term that it voted in. */
  readonly voted: number;
  /** The term of each entry. */
  readonly log: readonly number[];
}

interface State {
  readonly members: readonly Member[];
  /** What was acknowledged, by its place: the term of the entry there. */
  readonly acknowledged: readonly number[];
  /** Writes begun. */
  readonly begun: number;
}

/** What must never be, or undefined where it was not found in `states` states. */
export interface Verdict {
  readonly violation: string | undefined;
  readonly states: number;
}

export function check(rules: Rules): Verdict {
  const first: State = {
    members: rules.members.map(() => ({ up: true, primary: false, term: 0, voted: 0, log: [] })),
    acknowledged: [],
    begun: 0,
  };
  const seen = new Set([keyOf(rules, first)]);
  const open: State[] = [first];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of steps(rules, state)) {
      const violation = violationOf(state, next);
      if (violation !== undefined) return { violation, states: seen.size };
      const key = keyOf(rules, next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return { violation: undefined, states: seen.size };
}

/** States that differ only in which of like members is which are one. */
function keyOf(rules: Rules, { members, acknowledged, begun }: State): string {
  const each = members.map(({ up, primary, term, voted, log }, index) => {
    const { votes = 0, priority = 0 } = rules.members[index] ?? {};
    return `${votes}${priority > 0 ? 1 : 0}${up ? 1 : 0}${primary ? 1 : 0}${term}${voted}:${log.join('')}`;
  });
  return `${each.sort().join(' ')} ${acknowledged.join('')} ${begun}`;
}

function violationOf(before: State, after: State): string | undefined {
  const primaries = after.members.filter(({ primary }) => primary).map(({ term }) => term);
  if (new Set(primaries).size < primaries.length) return 'two primaries in one term';
  const lost = after.members.some(
    (member, index) =>
      holds(before.members[index]?.log ?? [], before.acknowledged) && !holds(member.log, before.acknowledged),
  );
  if (lost) return 'an acknowledged write was rolled back';
  const elected = after.members.find((member, index) => member.primary && before.members[index]?.primary === false);
  if (elected !== undefined && !holds(elected.log, after.acknowledged))
    return 'a primary without an acknowledged write';
  return undefined;
}

function holds(log: readonly number[], acknowledged: readonly number[]): boolean {
  return acknowledged.every((term, place) => log[place] === term);
}

function* steps(rules: Rules, state: State): Generator<State> {
  for (const [index, member] of state.members.entries()) {
    yield put(state, index, { ...member, up: !member.up, primary: false });
    if (!member.up) continue;
    if (rules.members[index]?.priority !== 0 && !member.primary && member.term < rules.terms)
      yield* elections(rules, state, index);
    if (member.primary && state.begun < rules.writes)
      yield { ...put(state, index, { ...member, log: [...member.log, member.term] }), begun: state.begun + 1 };
    if (member.primary) yield* acknowledgements(rules, state, member);
    for (const [other, source] of state.members.entries())
      if (other !== index && source.up && !member.primary) yield* pulls(state, index, member, source);
  }
}

/** By each set of voters that it may reach. A primary that is not reached goes on in its own term. */
function* elections(rules: Rules, state: State, candidate: number): Generator<State> {
  const own = state.members[candidate];
  if (own === undefined || own.voted > own.term) return;
  const term = own.term + 1;
  const willing = state.members.flatMap((member, index) =>
    rules.members[index]?.votes === 1 &&
    member.up &&
    index !== candidate &&
    member.term < term &&
    member.voted < term &&
    !newer(member.log, own.log)
      ? [index]
      : [],
  );
  for (const voters of subsets(willing)) {
    if (voters.length + (rules.members[candidate]?.votes ?? 0) < rules.electBy) continue;
    const members = state.members.map((member, index) => {
      if (index === candidate) return { ...member, primary: true, term, voted: term };
      return voters.includes(index) ? { ...member, primary: false, term, voted: term } : member;
    });
    yield { ...state, members };
  }
}

/** Whether the first log has what the second may not know: a later term at its end, or more of the same. */
function newer(one: readonly number[], other: readonly number[]): boolean {
  const [mine, theirs] = [one.at(-1) ?? 0, other.at(-1) ?? 0];
  return mine > theirs || (mine === theirs && one.length > other.length);
}

/** Entries of the primary's own term that enough members have, none of which knows of a later term. */
function* acknowledgements(rules: Rules, state: State, primary: Member): Generator<State> {
  for (let length = primary.log.length; length > state.acknowledged.length; length--) {
    if (primary.log[length - 1] !== primary.term) break;
    const having = state.members.filter(
      (member, index) =>
        rules.members[index]?.votes === 1 &&
        member.up &&
        member.term <= primary.term &&
        holds(member.log, primary.log.slice(0, length)),
    );
    if (having.length >= rules.acknowledgeBy) yield { ...state, acknowledged: primary.log.slice(0, length) };
  }
}

/** A member takes the next entry from one whose log is newer, or first takes back what that one does not have. It learns its term. */
function* pulls(state: State, index: number, member: Member, source: Member): Generator<State> {
  if (!newer(source.log, member.log)) {
    if (source.term > member.term) yield put(state, index, { ...member, term: source.term });
    return;
  }
  const common = member.log.findIndex((term, place) => source.log[place] !== term);
  const log = common < 0 ? source.log.slice(0, member.log.length + 1) : member.log.slice(0, common);
  yield put(state, index, { ...member, log, term: Math.max(member.term, source.term) });
}

function put(state: State, index: number, member: Member): State {
  return { ...state, members: state.members.map((each, at) => (at === index ? member : each)) };
}

function subsets(items: readonly number[]): readonly (readonly number[])[] {
  return items.reduce<readonly (readonly number[])[]>(
    (all, item) => [...all, ...all.map((each) => [...each, item])],
    [[]],
  );
}
