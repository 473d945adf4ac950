import type { Change } from '../../plan/model.ts';
import { isRecord, jsonIn } from '../../text/json.ts';
import { firstOf } from '../../text/listed.ts';

/** Conditions that keep a statement for everybody to those who are meant. */
const NARROWS =
  /^(?:aws:(?:sourceaccount|sourcearn|sourceowner|sourceorgid|sourceorgpaths|principalorgid|principalorgpaths|principalaccount|principalarn|sourcevpc|sourcevpce|sourceip|userid|calledvia)|kms:calleraccount|kms:viaservice|s3:dataaccesspointaccount|sns:endpoint|lambda:functionurlauthtype)$/i;

/** Statements that a change adds or changes and that let everybody do something, in words. */
export function openStatements(change: Change): string[] {
  const found = change.attributes
    .filter(({ sensitive, after }) => !sensitive && after !== null)
    .flatMap(({ path, after }) => inValue(path, after));
  const leaves = change.attributes.filter(({ sensitive }) => !sensitive);
  return [...new Set([...found, ...splitStatements(leaves), ...lambdaPermission(change)])];
}

/** A statement that stands in one value: a whole policy, or an element of its list. */
function inValue(path: string, value: unknown): string[] {
  const parsed = typeof value === 'string' && /^\s*\{/.test(value) ? jsonIn(value) : value;
  if (Array.isArray(parsed)) return parsed.flatMap((each) => inValue(path, each));
  if (!isRecord(parsed)) return [];
  if ('NotPrincipal' in parsed && parsed['Effect'] === 'Allow') return [describe(parsed)];
  if ('Principal' in parsed) return isOpen(parsed) ? [describe(parsed)] : [];
  return Object.values(parsed).flatMap((each) => inValue(path, each));
}

interface Leaf {
  readonly path: string;
  readonly after: unknown;
}

/** A statement whose members are attributes of their own: `PolicyDocument.Statement.0.Principal.AWS`. */
function splitStatements(leaves: readonly Leaf[]): string[] {
  const statements = Map.groupBy(
    leaves.flatMap(({ path, after }) => {
      const [, at, member] =
        /^(.*\.)((?:NotPrincipal|Principal|Effect|Condition|Action|Resource)(?:\..*)?)$/.exec(path) ?? [];
      return at === undefined || member === undefined || after === null ? [] : [{ at, member, after }];
    }),
    ({ at }) => at,
  );
  return [...statements.values()].flatMap((members) => {
    const of = (name: string) => members.filter(({ member }) => member === name || member.startsWith(`${name}.`));
    const effect = of('Effect')[0]?.after ?? 'Allow';
    const principal =
      of('NotPrincipal').length > 0 ||
      of('Principal').some(({ member, after }) => {
        const who = member.slice('Principal'.length + 1).replace(/\.\d+$/, '');
        return ANYBODY_OF.has(who) && isAnybody(after);
      });
    const conditions = of('Condition').flatMap(({ member, after }) => [
      ...(isRecord(after) ? Object.keys(after) : []),
      ...member.split('.').slice(1),
    ]);
    if (effect !== 'Allow' || !principal || conditions.some((key) => isNarrow(key))) return [];
    return [`lets everybody do ${wordsOf(of('Action')[0]?.after)}`];
  });
}

/** A permission without a source is everybody's. */
function lambdaPermission({ type, action, attributes }: Change): string[] {
  if (type !== 'AWS::Lambda::Permission') return [];
  const at = (path: string) => attributes.find((each) => each.path === path)?.after ?? null;
  const isOpenTo = at('Principal') === '*' && (action === 'create' || action === 'replace');
  const sources = ['SourceAccount', 'SourceArn', 'PrincipalOrgID'].some((name) => at(name) !== null);
  return isOpenTo && !sources && at('FunctionUrlAuthType') !== 'AWS_IAM' ? ['lets everybody call the function'] : [];
}

const ANYBODY_OF: ReadonlySet<string> = new Set(['', 'AWS', 'CanonicalUser', 'Federated']);

function isAnybody(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isAnybody);
  if (isRecord(value)) return Object.entries(value).some(([who, each]) => ANYBODY_OF.has(who) && isAnybody(each));
  return typeof value === 'string' && /^\*$|^arn:aws[\w-]*:iam::\*:/.test(value);
}

function isOpen(statement: Readonly<Record<string, unknown>>): boolean {
  if (statement['Effect'] !== undefined && statement['Effect'] !== 'Allow') return false;
  const condition = statement['Condition'];
  const keys = isRecord(condition)
    ? Object.values(condition).flatMap((each) => (isRecord(each) ? Object.keys(each) : []))
    : [];
  return isAnybody(statement['Principal']) && !keys.some(isNarrow);
}

function isNarrow(key: string): boolean {
  return NARROWS.test(key.replace(/\.\d+$/, ''));
}

function describe(statement: Readonly<Record<string, unknown>>): string {
  return `lets everybody do ${wordsOf(statement['Action'] ?? statement['NotAction'])}`;
}

function wordsOf(actions: unknown): string {
  const all = Array.isArray(actions) ? actions : actions === undefined || actions === null ? [] : [actions];
  return all.length === 0 ? 'what the statement allows' : firstOf(all.map(String), 3);
}
