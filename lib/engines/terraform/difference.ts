import { canonical } from '../../plan/difference/json.ts';
import { withRenameHints } from '../../plan/difference/renames.ts';
import { withCaution } from '../../plan/difference/stateful.ts';
import type { BareChange } from '../../plan/model.ts';
import { withConsequences } from './difference/consequences.ts';
import { changed, changedSetting, created, removed } from './difference/diff-block.ts';
import { renameReferences } from './difference/references.ts';
import { type Block, parseRoot, type Root } from './difference/root.ts';
import { renewedLookUps } from './exchange.ts';
import { liftPins } from './pins.ts';

/**
 * The semantic difference of two `cdk.tf.json` roots, block by block, with the provider's replacement rules and Terraform's own:
 * `moved`, `import`, `removed` and `lifecycle`. Undefined is a root that does not exist. Pure.
 * @param renewed names of what is looked up, and is another thing than before
 */
export function diffTerraform(
  before: string | undefined,
  after: string | undefined,
  renewed: readonly string[] = [],
): BareChange[] {
  if (before === after && renewed.length === 0) return [];
  const right = parseRoot(before === undefined || after === undefined ? after : liftPins(before, after));
  const { root: left, movedFrom } = moveBlocks(parseRoot(before), right);
  const isWhole = before === undefined || after === undefined;
  const changes: BareChange[] = [];
  for (const address of [...new Set([...left.blocks.keys(), ...right.blocks.keys()])].sort()) {
    const [old, now] = [left.blocks.get(address), right.blocks.get(address)];
    // Of a root that comes or goes as a whole, its resources and outputs are news; that it has a provider is not.
    if (isWhole && (now ?? old)?.kind !== 'resource' && (now ?? old)?.kind !== 'output') continue;
    const change = diffBlock(old, now, right, movedFrom.get(address));
    if (change !== undefined) changes.push(change);
  }
  const known = new Set(changes.map(({ address }) => address));
  changes.push(...renewedLookUps(right, renewed).filter(({ address }) => !known.has(address)));
  const hinted = withRenameHints(changes, (from, to) => `add a moved block from ${from} to ${to}`);
  return withConsequences(hinted, right)
    .map(withCaution)
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

function diffBlock(before: Block | undefined, after: Block | undefined, root: Root, movedFrom: string | undefined) {
  if ((after ?? before)?.kind !== 'resource') return changedSetting(before, after);
  if (before !== undefined && after !== undefined) return changed(before, after, movedFrom);
  if (after !== undefined) return created(after, root.imports.get(after.address));
  return before === undefined ? undefined : removed(before, root.forgotten.has(before.address));
}

/** The old root with its moved blocks, and data blocks that only have another name, and all references to them, at their new addresses. */
function moveBlocks(before: Root, after: Root): { root: Root; movedFrom: ReadonlyMap<string, string> } {
  const movedFrom = new Map<string, string>();
  for (const { from, to } of after.moved) {
    if (before.blocks.has(from) && !before.blocks.has(to) && after.blocks.has(to) && !after.blocks.has(from))
      movedFrom.set(to, from);
  }
  const renamed = new Map([...renamedData(before, after), ...[...movedFrom].map(([to, from]) => [from, to] as const)]);
  if (renamed.size === 0) return { root: before, movedFrom };
  const blocks = new Map(
    [...before.blocks.values()].map((block) => {
      const address = renamed.get(block.address) ?? block.address;
      return [address, { ...block, address, body: renameReferences(block.body, renamed) }];
    }),
  );
  return { root: { ...before, blocks }, movedFrom };
}

/** What is looked up under another address is the same thing still. */
function renamedData(before: Root, after: Root): [from: string, to: string][] {
  const only = (root: Root, other: Root): Block[] =>
    [...root.blocks.values()].filter((block) => block.kind === 'data' && !other.blocks.has(block.address));
  const [gone, come] = [only(before, after), only(after, before)];
  return gone.flatMap((block): [string, string][] => {
    const same = (each: Block): boolean => each.type === block.type && canonical(each.body) === canonical(block.body);
    const to = come.find(same);
    return to === undefined ? [] : [[block.address, to.address]];
  });
}
