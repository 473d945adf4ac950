/** What an expression refers to. */
export interface Reference {
  /** Address of a block. */
  readonly address: string;
  /** First attribute asked of it; empty where the whole block is meant. */
  readonly attribute: string;
}

/** The references in a string's `${…}` and `%{…}`; those to loops, functions and paths lead nowhere and do no harm. */
export function referencesIn(value: string): Reference[] {
  if (!value.includes('${') && !value.includes('%{')) return [];
  const references: Reference[] = [];
  for (const [, inside = ''] of value.matchAll(/[$%]\{([^}]*)\}/g)) references.push(...inExpression(inside));
  return references;
}

/** The references in a bare expression, such as an element of `depends_on`. */
export function inExpression(expression: string): Reference[] {
  const found: Reference[] = [];
  const unquoted = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [token] of unquoted.matchAll(/[A-Za-z_][\w-]*(?:\[[^\]]*\])?(?:\.[\w*-]+(?:\[[^\]]*\])*)+/g)) {
    const parts = token.replace(/\[[^\]]*\]/g, '').split('.');
    const length = parts[0] === 'data' ? 3 : 2;
    found.push({
      address: parts
        .slice(0, length)
        .join('.')
        .replace(/^var\./, 'variable.'),
      attribute: parts[length] ?? '',
    });
  }
  return found;
}

/** The value with references to old addresses written with the new ones. */
export function renameReferences<T>(value: T, renamed: ReadonlyMap<string, string>): T {
  if (renamed.size === 0) return value;
  const rename = (text: string): string => {
    let result = text;
    for (const [from, to] of renamed)
      result = result.replace(new RegExp(`(?<![\\w.-])${from.replaceAll('.', '\\.')}(?![\\w-])`, 'g'), to);
    return result;
  };
  const visit = (inner: unknown): unknown => {
    if (typeof inner === 'string') return inner.includes('${') || renamed.has(inner) ? rename(inner) : inner;
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner === 'object' && inner !== null)
      return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, visit(each)]));
    return inner;
  };
  return visit(value) as T;
}
