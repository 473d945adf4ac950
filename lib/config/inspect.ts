import { type Document, isAlias, isMap, isScalar, type Pair, visit } from 'yaml';
import { textProblem } from './scalar.ts';

/** Something that is YAML, but that a configuration must not have. */
export interface TreeProblem {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
  readonly fix: string;
}

/** Names that JavaScript's objects have a meaning of their own for. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Walks a parsed file once. Duplicate keys are found here, not by the parser: its own search takes time quadratic in the keys.
 */
export function inspectTree(document: Document): TreeProblem[] {
  const problems: TreeProblem[] = [];
  const { yaml } = document.directives ?? { yaml: undefined };
  if (yaml?.explicit === true && yaml.version !== '1.2') {
    const message = `got %YAML ${yaml.version}; words such as yes and no would change their meaning`;
    problems.push({ code: 'yaml-version', offset: 0, message, fix: 'remove the line' });
  }
  visit(document, {
    Alias(_key, node) {
      if (!isAlias(node)) return;
      const fix = 'write the value out; environments share by `extends`';
      const message = `got *${node.source}; aliases hide where a value comes from`;
      problems.push({ code: 'yaml-alias', offset: node.range?.[0] ?? 0, message, fix });
    },
    Map(_key, node) {
      if (isMap(node)) problems.push(...keyProblems(node.items));
    },
    Scalar(_key, node) {
      const problem = typeof node.value === 'string' ? textProblem(node.value) : undefined;
      if (problem !== undefined) problems.push({ ...problem, offset: node.range?.[0] ?? 0 });
    },
  });
  return problems;
}

function keyProblems(pairs: readonly Pair[]): TreeProblem[] {
  const seen = new Set<string>();
  return pairs.flatMap(({ key }) => {
    if (!isScalar(key)) {
      const offset = (key as { range?: readonly number[] } | null)?.range?.[0] ?? 0;
      return [
        { code: 'key-not-text', offset, message: 'got a map or list as a key; keys are text', fix: 'write a name' },
      ];
    }
    const offset = key.range?.[0] ?? 0;
    if (typeof key.value !== 'string') {
      const text = key.source ?? String(key.value);
      const kind = key.value === null ? 'nothing' : `a ${typeof key.value}`;
      return [
        {
          code: 'key-not-text',
          offset,
          message: `got ${text} as a key, which YAML reads as ${kind}; keys are text`,
          fix: 'write a name',
        },
      ];
    }
    if (key.value === '<<') {
      const message = 'got a merge key; it hides where a value comes from';
      return [{ code: 'merge-key', offset, message, fix: 'write the values out; environments share by `extends`' }];
    }
    if (RESERVED.has(key.value)) {
      return [
        {
          code: 'reserved-key',
          offset,
          message: `got "${key.value}"; the name is reserved`,
          fix: 'choose another name',
        },
      ];
    }
    if (seen.has(key.value)) {
      const message = `got "${key.value}" a second time in one map; one of the two would be lost`;
      return [{ code: 'duplicate-key', offset, message, fix: 'keep one of them' }];
    }
    seen.add(key.value);
    return [];
  });
}
