import type { Engine, FrozenStackPlan, StackEvent } from '../../../lib/engines/engine.ts';
import { type Fault, stackFailed } from '../../../lib/engines/errors.ts';
import { foundMark, givesWay, type OwnMark, unmarked } from '../../../lib/engines/lineage.ts';
import type { Action, Change, StackPlan } from '../../../lib/plan/model.ts';

export interface FakeWorld {
  /** Addresses that exist, by stack. */
  readonly made: Map<string, Set<string>>;
  /** Addresses that exist and that no state knows: what a lost answer leaves. */
  readonly lost: Set<string>;
  /** Addresses of which an import does not read all back: it replaces them. */
  readonly unread: Set<string>;
  /** Values of what is made, shown in plans. @default - nothing has one */
  readonly values?: Map<string, unknown>;
  /** What stacks give, by stack. @default - nothing */
  readonly outputs?: Map<string, Readonly<Record<string, string>>>;
  /** Told before each address is made; throws to fail it, or gives a fault. */
  onMake?: (address: string) => Fault | undefined;
  readonly calls: string[];
  /** Marks in the cloud, by stack. */
  readonly marks: Map<string, OwnMark>;
}

export function fakeWorld(): FakeWorld {
  return {
    made: new Map(),
    lost: new Set(),
    unread: new Set(),
    values: new Map(),
    outputs: new Map(),
    calls: [],
    marks: new Map(),
  };
}

/** An engine over a world in memory: a stack's artefact is a JSON list of addresses. */
export function fakeEngine(world: FakeWorld): Engine {
  const existing = (stack: string): Set<string> => {
    const made = world.made.get(stack) ?? new Set<string>();
    world.made.set(stack, made);
    return made;
  };
  return {
    name: 'terraform',
    assertIdentity: async (stacks) => new Map(stacks.map((stack) => [stack, 'user ops (0a1b) in project dev (2c3d)'])),
    async plan(stack, { destroy, adopt }) {
      const given = Object.entries(stack.given ?? {}).map(([name, value]) => ` ${name}=${value}`);
      world.calls.push(`plan ${stack.id}${adopt ? ' adopt' : ''}${given.join('')}`);
      const wanted = destroy ? [] : (JSON.parse(stack.text) as string[]);
      const made = existing(stack.id);
      const creations = wanted.filter((each) => !made.has(each));
      const changes = [
        ...creations.map((each) => {
          const found = world.unread.has(each) ? 'replace' : 'import';
          return change(each, adopt && world.lost.has(each) ? found : 'create');
        }),
        ...[...made].filter((each) => !wanted.includes(each)).map((each) => change(each, 'delete')),
      ];
      for (const [index, each] of changes.entries()) {
        const after = world.values?.get(each.address);
        if (after !== undefined) changes[index] = { ...each, attributes: [shownValue(after)] };
      }
      const status = changes.length > 0 ? 'changed' : 'unchanged';
      const plan: StackPlan = { id: stack.id, engine: 'terraform', status, changes, unresolvedInputs: [], drift: [] };
      return { stack, plan, destroy, hasEffect: changes.length > 0, handle: undefined };
    },
    async *apply(frozen: FrozenStackPlan, { signal }): AsyncGenerator<StackEvent> {
      const { stack, plan, destroy } = frozen;
      world.calls.push(`apply ${stack.id}`);
      const made = existing(stack.id);
      const faults: Fault[] = [];
      for (const { address, action } of plan.changes) {
        signal.throwIfAborted();
        if (action === 'delete') made.delete(address);
        else {
          const exists = action === 'create' && world.lost.has(address);
          const fault = exists ? { ...conflict, address } : world.onMake?.(address);
          if (fault !== undefined) {
            faults.push({ ...fault, address });
            continue;
          }
          made.add(address);
          world.lost.delete(address);
        }
        const done = action === 'delete' ? 'delete' : action === 'import' ? 'import' : 'create';
        yield { kind: 'resource', stack: stack.id, address, action: done, phase: 'done', seconds: 1 };
      }
      if (faults.length > 0) throw stackFailed(stack.id, destroy ? 'destroying' : 'applying', faults, 1);
    },
    async discard() {},
    async lineageOf({ id }) {
      const own = world.marks.get(id);
      if (own !== undefined) return foundMark(own, 'the fake cloud');
      return existing(id).size > 0 ? unmarked('the fake cloud') : undefined;
    },
    async mark({ id }, own, { instead }) {
      const there = world.marks.get(id);
      if (there !== undefined && !givesWay(foundMark(there, ''), own, instead)) return foundMark(there, '');
      world.marks.set(id, own);
      return foundMark(own, '');
    },
    async unmark({ id }) {
      world.marks.delete(id);
    },
    async drift({ id, given = {} }) {
      world.calls.push(`drift ${id} ${Object.values(given).join(' ')}`);
      return { id, engine: 'terraform', status: 'unchanged', changes: [], unresolvedInputs: [], drift: [] };
    },
    outputs: async ({ id }) =>
      Object.fromEntries(
        Object.entries(world.outputs?.get(id) ?? {}).map(([name, value]) => [name, { value, sensitive: false }]),
      ),
  };
}

export const conflict: Fault = {
  address: '',
  summary: 'Conflict',
  status: 409,
  requestId: '',
  request: 'POST http://cloud/x',
};

function shownValue(after: unknown): Change['attributes'][number] {
  return { path: 'motd', before: null, after, afterUnknown: false, sensitive: false, forcesReplacement: false };
}

function change(address: string, action: Action): Change {
  return {
    address,
    type: 'thing',
    action,
    reasons: [],
    attributes: [],
    source: null,
    noise: false,
    restarts: [],
    findings: [],
  };
}
