import { readFileSync } from 'node:fs';
import {
  ArgumentParseError,
  ArgumentScannerError,
  buildApplication,
  buildRouteMap,
  formatMessageForArgumentScannerError,
  type RouteMap,
  text_en,
} from '@stricli/core';
import { usage } from '../actions/errors.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { adoptVerb } from './commands/adopt.ts';
import { approveVerb } from './commands/approve.ts';
import { blueprintGroup } from './commands/blueprint/index.ts';
import { cloudGroup } from './commands/cloud/index.ts';
import { completionVerb } from './commands/completion.ts';
import { deployVerb } from './commands/deploy.ts';
import { destroyVerb } from './commands/destroy.ts';
import { doctorVerb } from './commands/doctor.ts';
import { driftVerb } from './commands/drift.ts';
import { envGroup } from './commands/env/index.ts';
import { fleetGroup } from './commands/fleet/index.ts';
import { historyVerb } from './commands/history.ts';
import { imageGroup } from './commands/image/index.ts';
import { importVerb } from './commands/import.ts';
import { initVerb } from './commands/init.ts';
import { jobGroup } from './commands/job/index.ts';
import { labGroup } from './commands/lab/index.ts';
import { linkGroup } from './commands/link/index.ts';
import { listVerb } from './commands/list.ts';
import { outputVerb } from './commands/output.ts';
import { planVerb } from './commands/plan.ts';
import { programGroup } from './commands/program/index.ts';
import { revertVerb } from './commands/revert.ts';
import { reviewGroup } from './commands/review/index.ts';
import { secretGroup } from './commands/secret/index.ts';
import { simulateVerb } from './commands/simulate.ts';
import { stateGroup } from './commands/state/index.ts';
import { synthVerb } from './commands/synth.ts';
import { unlockVerb } from './commands/unlock.ts';
import { validateVerb } from './commands/validate.ts';
import { whyVerb } from './commands/why.ts';
import type { TandemContext } from './context.ts';
import { explain } from './failure.ts';
import { flagName, globalFlags } from './flags.ts';
import { targetsOf, type Verbs } from './group.ts';
import { withHelp } from './help.ts';

/** The list of verbs. A new one is a folder in `lib/actions`, a file in `lib/cli/commands`, a line here, and its test. */
export const verbs: Verbs = {
  init: initVerb,
  validate: validateVerb,
  synth: synthVerb,
  plan: planVerb,
  why: whyVerb,
  approve: approveVerb,
  deploy: deployVerb,
  destroy: destroyVerb,
  drift: driftVerb,
  list: listVerb,
  output: outputVerb,
  review: reviewGroup,
  history: historyVerb,
  revert: revertVerb,
  unlock: unlockVerb,
  doctor: doctorVerb,
  adopt: adoptVerb,
  import: importVerb,
  blueprint: blueprintGroup,
  image: imageGroup,
  env: envGroup,
  job: jobGroup,
  program: programGroup,
  cloud: cloudGroup,
  fleet: fleetGroup,
  simulate: simulateVerb,
  link: linkGroup,
  lab: labGroup,
  state: stateGroup,
  secret: secretGroup,
  completion: completionVerb,
};

export const routes: RouteMap<TandemContext> = withHelp(
  buildRouteMap({
    routes: targetsOf(verbs),
    aliases: { diff: 'plan', apply: 'deploy' } as never,
    docs: {
      brief: 'One typed configuration, two clouds: plan, review, deploy and operate them together',
      fullDescription: [
        'One typed configuration, two clouds: plan, review, deploy and operate them together.',
        '',
        '  tandem validate                      every problem of the configuration at once',
        '  tandem plan --base origin/main       what this branch changes, on both clouds',
        '  tandem why openstack/paris/dev/anna  where a stack comes from',
        '  tandem VERB --help                   what a verb does, with examples',
        '',
        'Global flags, before the verb or after it:',
        ...globalFlagLines(),
      ].join('\n'),
    },
  }),
);

function globalFlagLines(): string[] {
  const rows = Object.entries(globalFlags).map(([name, { spec }]): [string, string] => {
    const short = name === 'project' ? '-C, ' : '';
    return [`${short}${flagName(name)}${spec.placeholder === undefined ? '' : ` ${spec.placeholder}`}`, spec.brief];
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return rows.map(([flag, brief]) => `  ${flag.padEnd(width)}  ${brief}`);
}

function usageError(error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  // What a flag or an argument says of its value, with which one it is.
  if (error instanceof ArgumentParseError && error.exception instanceof TandemError)
    return error.exception.of(error.externalFlagNameOrPlaceholder);
  const message =
    error instanceof ArgumentScannerError ? formatMessageForArgumentScannerError(error, {}) : String(error);
  const first = message.charAt(0).toLowerCase() + message.slice(1);
  return usage(first, 'the same command with --help shows what it takes');
}

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export const app = buildApplication(routes, {
  name: 'tandem',
  // The parser's longer way of saying these two takes texts that its shorthand knows.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  versionInfo: { currentVersion: version },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  completion: { includeHiddenRoutes: true },
  documentation: {
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    caseStyle: 'convert-camel-to-kebab',
    disableAnsiColor: process.env['NO_COLOR'] !== undefined || process.argv.includes('--no-color'),
  },
  determineExitCode: () => 1,
  localization: {
    text: {
      ...text_en,
      briefs: {
        ...text_en.briefs,
        help: 'Show this help',
        helpAll: 'Show this help with the global flags',
        version: 'Show the version',
      },
      exceptionWhileRunningCommand: explain,
      exceptionWhileLoadingCommandFunction: explain,
      exceptionWhileParsingArguments: (error) => explain(usageError(error)),
      noCommandRegisteredForInput: ({ input, corrections }) =>
        explain(
          usage(
            `there is no verb "${input}"`,
            corrections.length > 0
              ? `did you mean ${corrections.join(' or ')}?`
              : '`tandem --help` lists them; for those behind a word, such as env, `tandem env --help`',
          ),
        ),
    },
  },
});
