import { describeTarget } from '../../../stack/target.ts';
import { counted } from '../../../text/plural.ts';
import { CAUTION } from '../../difference/stateful.ts';
import { type Change, type Finding, isDisruptive, type Plan, type StackPlan } from '../../model.ts';
import { type SarifContext, type SarifResult, sarifText } from './log.ts';

/** What Tandem itself finds in a plan, beside its policies. */
const RULES = {
  'stack-error': 'A stack cannot be planned.',
  'stack-unknown-here': 'This checkout cannot tell whether a stack was removed on purpose.',
  'stack-leaves-target': 'A stack goes somewhere else, and what it made stays behind.',
  'stack-ahead': 'Deploying from this checkout takes back what somebody deployed.',
  'deletes-with-loss': 'A resource is deleted, and something is lost with it.',
  'replaces-with-loss': 'A resource is replaced, and something is lost with the old one.',
  interrupts: 'A resource is stopped or wiped while it changes.',
  deletes: 'A resource is deleted.',
  replaces: 'A resource is replaced by a new one.',
};

/** The plan for code scanning: findings, then what destroys, replaces or interrupts, each at its line of the configuration. */
export function renderSarif(plan: Plan, context: SarifContext): string {
  const sources = new Map<string, Change['source']>(
    plan.stacks.flatMap(({ id, changes }) =>
      changes.map((change) => [`${id} ${change.address}`, change.source] as const),
    ),
  );
  const results = [
    ...plan.findings.map((finding) => findingResult(finding, sources.get(`${finding.stack ?? ''} ${finding.address}`))),
    ...plan.stacks.flatMap(stackResults),
  ];
  return sarifText({ ...context, kind: 'tandem/plan', rules: RULES, results });
}

function findingResult(finding: Finding, changed: Change['source'] | undefined): SarifResult {
  const { rule, level, stack, address, reason, owner, override } = finding;
  const source = finding.source ?? changed;
  const where = [address, stack].filter(Boolean).join(' in ');
  return {
    ...{ rule, level: level === 'deny' ? 'error' : 'warning', message: where === '' ? reason : `${where}: ${reason}` },
    ...at(source),
    ...(stack === undefined && address === '' ? {} : { about: { address, ...(stack === undefined ? {} : { stack }) } }),
    ...(override === undefined
      ? {}
      : { accepted: `${override.reason} (${owner ?? 'nobody named'}, until ${override.expires})` }),
  };
}

function stackResults(stack: StackPlan): SarifResult[] {
  const { id, status, reason = '', leaves, ahead } = stack;
  const source = stack.changes.find((change) => change.source !== null)?.source;
  const of = (rule: keyof typeof RULES, level: SarifResult['level'], message: string): SarifResult => ({
    ...{ rule, level, message: `${id}: ${message}`, about: { stack: id, address: '' } },
    ...at(source),
  });
  return [
    ...(status === 'error' ? [of('stack-error', 'error', reason)] : []),
    ...(status === 'unknown-here' ? [of('stack-unknown-here', 'warning', reason)] : []),
    ...(leaves === undefined
      ? []
      : [
          of(
            'stack-leaves-target',
            'warning',
            `leaves ${describeTarget(leaves.target)}, where ${counted(leaves.changes.length, 'resource')} ${leaves.changes.length === 1 ? 'stays' : 'stay'} behind`,
          ),
        ]),
    ...(ahead === undefined
      ? []
      : [
          of(
            'stack-ahead',
            'warning',
            `${ahead.by} deployed commit ${ahead.commit.slice(0, 10)} at ${ahead.at}, which this checkout does not have`,
          ),
        ]),
    ...stack.changes.filter(({ action }) => isDisruptive(action)).map((change) => changeResult(id, change)),
  ];
}

function changeResult(stack: string, { action, address, reasons, source }: Change): SarifResult {
  const cautions = reasons.filter((reason) => reason.startsWith(CAUTION)).map((reason) => reason.slice(CAUTION.length));
  const isLoss = cautions.length > 0;
  const verb = action === 'interrupt' ? 'interrupts' : action === 'delete' ? 'deletes' : 'replaces';
  const rule = verb !== 'interrupts' && isLoss ? `${verb}-with-loss` : verb;
  const why = isLoss ? cautions : reasons;
  return {
    ...{ rule, level: isLoss ? 'warning' : 'note' },
    message: `${verb} ${address} in ${stack}${why.length > 0 ? `: ${why.join('; ')}` : ''}`,
    ...at(source),
    about: { stack, address },
  };
}

function at(source: Change['source'] | undefined): Pick<SarifResult, 'at'> {
  return source === null || source === undefined ? {} : { at: { file: source.file, line: source.line } };
}
