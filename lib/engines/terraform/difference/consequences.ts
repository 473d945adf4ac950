import { joinReferences } from '../../../plan/difference/reasons.ts';
import type { BareChange } from '../../../plan/model.ts';
import { followUses, type Use, usesIn } from './follow.ts';
import { isMeta, lifecycleOf } from './lifecycle.ts';
import { type Reference, referencesIn } from './references.ts';
import type { Block, Root } from './root.ts';
import { triggered } from './triggered.ts';

/**
 * What follows from changes: whatever refers to a value that changes, or that only a new resource or another look-up can tell, changes
 * with it, and is replaced where the argument cannot be changed in place; so do its own readers. What names another in
 * `replace_triggered_by` follows its changes.
 */
export function withConsequences(changes: readonly BareChange[], after: Root): BareChange[] {
  const consequences = new Consequences(changes, after);
  // Where everything is new, nothing follows from anything.
  if (changes.some((change) => change.action !== 'create')) consequences.spread();
  return consequences.all();
}

class Consequences {
  readonly #byAddress: Map<string, BareChange>;
  readonly #after: Root;

  constructor(changes: readonly BareChange[], after: Root) {
    this.#byAddress = new Map(changes.map((change) => [change.address, change]));
    this.#after = after;
  }

  spread(): void {
    const readers = readersOf(this.#after);
    const triggers = triggersOf(this.#after);
    const queue = [...this.#byAddress.values()].filter((change) => !change.noise).map((change) => change.address);
    const put = (next: BareChange | undefined): void => {
      if (next === undefined) return;
      this.#byAddress.set(next.address, next);
      queue.push(next.address);
    };
    for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
      const cause = this.#byAddress.get(address);
      if (cause === undefined || cause.action === 'create') continue;
      for (const { block, uses } of readers.get(address) ?? []) {
        const touched = uses.filter((use) => this.#touches(cause, block, use));
        if (touched.length > 0) put(followUses(this.#byAddress.get(block.address), block, touched, cause));
      }
      for (const { block, reference } of triggers.get(address) ?? [])
        put(triggered(this.#byAddress.get(block.address), block, reference, cause));
    }
  }

  all(): BareChange[] {
    return [...this.#byAddress.values()].map((change) => this.#withUnknowns(change));
  }

  /** Whether a changed block gives what is read of it another value, or one that nobody knows yet. */
  #touches(cause: BareChange, reader: Block, { path, reference }: Use): boolean {
    // Terraform reads a data block later where anything that it depends on is still to be done.
    if (isMeta(path)) return reader.kind === 'data' && path.startsWith('depends_on') && isDone(cause);
    const target = this.#after.blocks.get(cause.address);
    if (target === undefined) return false;
    if (target.kind !== 'resource' && target.kind !== 'data') return cause.action === 'update';
    if (isConfigured(target, reference))
      return cause.attributes.some((each) => each.path.split('.', 1)[0] === reference.attribute);
    return cause.action === 'replace' || (target.kind === 'data' && cause.action === 'update');
  }

  #withUnknowns(change: BareChange): BareChange {
    if (change.action === 'delete' || change.action === 'forget') return change;
    const attributes = change.attributes.map((each) => {
      if (each.afterUnknown || each.after === null) return each;
      const text = typeof each.after === 'string' ? each.after : JSON.stringify(each.after);
      return referencesIn(text).some((reference) => this.#isUnknown(reference))
        ? { ...each, afterUnknown: true }
        : each;
    });
    return { ...change, reasons: joinReferences(change.reasons), attributes };
  }

  #isUnknown(reference: Reference): boolean {
    const [cause, target] = [this.#byAddress.get(reference.address), this.#after.blocks.get(reference.address)];
    if (cause === undefined || target === undefined || cause.noise) return false;
    if (target.kind === 'data' && cause.action === 'update') return true;
    if (target.kind !== 'resource' || (cause.action !== 'create' && cause.action !== 'replace')) return false;
    const value = target.body[reference.attribute];
    return !isConfigured(target, reference) || JSON.stringify(value).includes('${');
  }
}

/** What is written down is known without asking the resource. */
function isConfigured(target: Block, { attribute }: Reference): boolean {
  const value = target.body[attribute];
  return value !== undefined && value !== null;
}

function isDone({ action, noise, type }: BareChange): boolean {
  return !noise && type !== 'output' && action !== 'move' && action !== 'forget';
}

function readersOf(root: Root): Map<string, { block: Block; uses: Use[] }[]> {
  const readers = new Map<string, Map<string, { block: Block; uses: Use[] }>>();
  for (const block of root.blocks.values()) {
    if (block.kind === 'provider' || block.kind === 'terraform') continue;
    for (const use of usesIn(block)) {
      const ofTarget = readers.get(use.reference.address) ?? new Map<string, { block: Block; uses: Use[] }>();
      readers.set(use.reference.address, ofTarget);
      const known = ofTarget.get(block.address) ?? { block, uses: [] };
      ofTarget.set(block.address, known);
      known.uses.push(use);
    }
  }
  return new Map([...readers].map(([address, byReader]) => [address, [...byReader.values()]]));
}

function triggersOf(root: Root): Map<string, { block: Block; reference: Reference }[]> {
  const triggers = new Map<string, { block: Block; reference: Reference }[]>();
  for (const block of root.blocks.values()) {
    if (block.kind !== 'resource') continue;
    for (const reference of lifecycleOf(block.body).replaceTriggeredBy)
      triggers.set(reference.address, [...(triggers.get(reference.address) ?? []), { block, reference }]);
  }
  return triggers;
}
