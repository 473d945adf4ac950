import { usage } from '../actions/errors.ts';
import type { SecretRef } from '../secrets/secret.ts';
import {
  completeBundles,
  completeNames,
  completeStacks,
  completeStacksAndBundles,
  environmentsIn,
} from './complete-stacks.ts';
import type { TandemContext } from './context.ts';
import { type Argument, CLOUD, LINK, takesAny, word } from './flags.ts';

export const stackArgument = word('Stack id or short name', 'stack', { proposeCompletions: completeStacks });

/** One version of a stack's state. */
export const versionArgument = word('Version, as `tandem state list` shows it', 'version');

/** Stacks of verbs that take all where none is named. */
export const stacksArgument = takesAny({
  ...stackArgument,
  brief: 'Stack ids, globs or short names; all where none is named',
});

/** One file of a bundle. */
export const bundleArgument = word('File that `tandem plan --live --out FILE` wrote', 'BUNDLE', {
  proposeCompletions: completeBundles,
});

/** A bundle's file, or stacks; all where none is named. */
export const deployArgument = takesAny({
  ...stackArgument,
  brief: 'Stack ids, globs or short names, or the file of one bundle; all stacks where none is named',
  proposeCompletions: completeStacksAndBundles,
});

/** Stacks of verbs that take none unless named. */
export const namedStacksArgument = takesAny({ ...stackArgument, brief: 'Stack ids, globs or short names' }, 1);

export const cloudArgument = word(CLOUD, 'cloud', { proposeCompletions: completeNames('clouds') });

/** One host of a cloud, or several by one name. */
export const hostArgument = word('Host, group of hosts of the configuration, or rack as rack/NAME', 'host');

/** One environment of AWS. */
export const environmentArgument = word('Environment, as config/environments names it', 'environment', {
  proposeCompletions: completeEnvironments,
});

export const jobArgument = word('Id of a job', 'job');

/** One dev environment. */
export const leaseArgument = word('Name of the environment', 'name', { proposeCompletions: completeNames('dev') });

export const blueprintArgument = word('Name of the blueprint', 'blueprint', {
  proposeCompletions: completeNames('blueprints'),
});

export const linkArgument = word(LINK, 'link', { proposeCompletions: completeNames('links') });

/** A reference to a secret, as the configuration has it. */
export const secretArgument: Argument<SecretRef> = {
  brief: 'Reference, as the configuration has it',
  placeholder: 'secret:NAME',
  parse: async (given) => {
    const { secretReference } = await import('../config/schema/common.ts');
    if (secretReference.safeParse(given).success) return given as SecretRef;
    throw usage(`got "${given}"`, 'write secret:NAME, in small letters, digits, / _ and -');
  },
};

function completeEnvironments(this: TandemContext, partial: string): string[] {
  return environmentsIn(this).filter((name) => name.startsWith(partial));
}
