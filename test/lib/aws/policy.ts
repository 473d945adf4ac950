import { type Context, holds, like } from './conditions.ts';

/** A statement of an IAM policy as it stands in a template; intrinsic functions are compared as JSON. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** All statements of a role, or of any other set of policies. */
export function statementsOf(policies: readonly { readonly Properties: Readonly<Record<string, unknown>> }[]) {
  return policies.flatMap(
    ({ Properties }) => (Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }).Statement,
  );
}

/**
 * Whether statements allow an action on a resource; deny wins.
 * @param context what the caller brings along; undefined: whatever the conditions
 */
export function allows(statements: readonly Statement[], action: string, resource: string, context?: Context): boolean {
  const hits = statements.filter(
    (each) =>
      (context === undefined || holds(each.Condition, context, textOf)) &&
      [each.Action].flat().some((pattern) => like(pattern, action)) &&
      [each.Resource].flat().some((pattern) => like(textOf(pattern), resource)),
  );
  return hits.some((each) => each.Effect === 'Allow') && hits.every((each) => each.Effect === 'Allow');
}

/** `{"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket1A2B", "Arn"]}, "/results/*"]]}` is `<Bucket1A2B.Arn>/results/*`. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, argument] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Ref') return `<${argument as string}>`;
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(textOf).join('');
  throw new TypeError(`no text for ${JSON.stringify(value)}`);
}
