import { usage } from '../actions/errors.ts';
import type { SecretRef } from '../secrets/secret.ts';
import { completeBundles, completeStacks, completeStacksAndBundles, namesIn } from './complete-stacks.ts';
import type { TandemContext } from './context.ts';
import { type Argument, takesAny } from './flags.ts';

/** One stack. */
export const stackArgument: Argument<string> = {
  brief: 'Stack id or short name',
  placeholder: 'stack',
  parse: String,
  proposeCompletions: completeStacks,
};

/** One version of a stack's state. */
export const versionArgument: Argument<string> = {
  brief: 'Version, as `tandem state list` shows it',
  placeholder: 'version',
  parse: String,
};

/** Stacks of verbs that take all where none is named. */
export const stacksArgument = takesAny({
  ...stackArgument,
  brief: 'Stack ids, globs or short names; all where none is named',
});

/** One file of a bundle. */
export const bundleArgument: Argument<string> = {
  brief: 'File that `tandem plan --live --out FILE` wrote',
  placeholder: 'BUNDLE',
  parse: String,
  proposeCompletions: completeBundles,
};

/** A bundle's file, or stacks; all where none is named. */
export const deployArgument = takesAny({
  ...stackArgument,
  brief: 'Stack ids, globs or short names, or the file of one bundle; all stacks where none is named',
  proposeCompletions: completeStacksAndBundles,
});

/** Stacks of verbs that take none unless named. */
export const namedStacksArgument = takesAny({ ...stackArgument, brief: 'Stack ids, globs or short names' }, 1);

/** One cloud. */
export const cloudArgument: Argument<string> = {
  brief: "Cloud; default: the organisation's defaultCloud",
  placeholder: 'cloud',
  parse: String,
  proposeCompletions: completeNames('clouds'),
};

/** One host of a cloud, or several by one name. */
export const hostArgument: Argument<string> = {
  brief: 'Host, group of hosts of the configuration, or rack as rack/NAME',
  placeholder: 'host',
  parse: String,
};

/** One environment of AWS. */
export const environmentArgument: Argument<string> = {
  brief: 'Environment, as config/environments names it',
  placeholder: 'environment',
  parse: String,
  proposeCompletions(partial) {
    return completeNames('environments')
      .call(this, partial)
      .filter((name) => name !== 'base');
  },
};

/** One job. */
export const jobArgument: Argument<string> = { brief: 'Id of a job', placeholder: 'job', parse: String };

/** One dev environment. */
export const leaseArgument: Argument<string> = {
  brief: 'Name of the environment',
  placeholder: 'name',
  parse: String,
  proposeCompletions: completeNames('dev'),
};

/** One blueprint. */
export const blueprintArgument: Argument<string> = {
  brief: 'Name of the blueprint',
  placeholder: 'blueprint',
  parse: String,
  proposeCompletions: completeNames('blueprints'),
};

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

/** Names of the files in a folder of `config/`. */
function completeNames(folder: string) {
  return function complete(this: TandemContext, partial: string): string[] {
    return namesIn(this, folder).filter((name) => name.startsWith(partial));
  };
}
