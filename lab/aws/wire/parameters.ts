/** Parameters, taken apart at their dots. */
export type Tree = Map<string, Tree | string>;

export function treeOf(parameters: Iterable<readonly [string, string]>): Tree {
  const root: Tree = new Map();
  for (const [name, value] of parameters) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let tree = root;
    for (const part of path) {
      const next = tree.get(part);
      const child: Tree = next instanceof Map ? next : new Map<string, Tree | string>();
      tree.set(part, child);
      tree = child;
    }
    tree.set(last, value);
  }
  return root;
}
