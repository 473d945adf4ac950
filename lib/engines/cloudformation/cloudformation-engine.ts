import { toAwsError } from '../../aws-api/aws-error.ts';
import { artefactName } from '../../stack/id.ts';
import type { Engine, Outputs } from '../engine.ts';
import { unsetOf } from './afterwards/settings.ts';
import { settingChanges } from './afterwards/wanted.ts';
import { type ApplyProps, deployed } from './apply-stack.ts';
import { CLOUDFORMATION } from './catalogue.ts';
import { removeChangeSet } from './change-set.ts';
import { detectDrift } from './drift.ts';
import { destroyed } from './emptying/delete-stack.ts';
import { planDestroy } from './emptying/plan-destroy.ts';
import { stackGone } from './errors.ts';
import type { Handle } from './handle.ts';
import { cloudFormationMarks } from './lineage.ts';
import { lookedUp } from './looked-up.ts';
import { headOf, planDeploy, toImportFor } from './plan-stack.ts';
import { awsLooks } from './preflight/aws-looks.ts';
import { preflight } from './preflight/preflight.ts';
import { withImports } from './retained/kept.ts';
import { conditionOf, findStack } from './stack-state.ts';
import { readTemplate } from './template.ts';
import { removals } from './whole-stack.ts';

/** CloudFormation by change sets: what is confirmed is what is executed. */
export function cloudFormationEngine(props: ApplyProps): Engine {
  return {
    name: CLOUDFORMATION,
    ...cloudFormationMarks(props.connect),

    async assertIdentity(stacks) {
      return new Map(
        await Promise.all(stacks.map(async (stack) => [stack, (await props.connect(stack)).arn] as const)),
      );
    },

    async plan(stack, options) {
      try {
        return await (options.destroy ? planDestroy(props, stack, options) : planDeploy(props, stack, options));
      } catch (error) {
        options.signal.throwIfAborted();
        throw toAwsError('cloudformation', error);
      }
    },

    async *apply(frozen, options) {
      try {
        yield* frozen.destroy ? destroyed(frozen, options) : deployed(props, frozen, options);
      } catch (error) {
        if (options.signal.aborted)
          yield {
            kind: 'message',
            stack: frozen.stack.id,
            level: 'warn',
            text: 'stopped waiting; CloudFormation completes the operation, and `tandem deploy --resume` waits for it',
          };
        options.signal.throwIfAborted();
        throw toAwsError('cloudformation', error);
      }
    },

    async withKept(stack, changes) {
      return withImports(changes, await toImportFor(props, await props.connect(stack.id), stack));
    },

    async preflight(stack, changes, now) {
      const connection = await props.connect(stack.id);
      const looks = awsLooks(connection);
      const { account, region } = connection;
      try {
        const { zones = [] } = props.settings(stack);
        return await preflight(looks, stack, changes, { account, region, zones }, now);
      } finally {
        looks.close();
      }
    },

    async discard({ handle }) {
      const { connection, changeSet } = handle as Handle;
      if (changeSet !== undefined) await removeChangeSet(connection.cloudFormation, changeSet);
    },

    async drift(stack, options) {
      const connection = await props.connect(stack.id);
      const { cloudFormation: client } = connection;
      const name = artefactName(stack.id);
      const found = await findStack(client, name);
      if (conditionOf(found?.StackStatus) === 'absent')
        return { ...headOf(stack), status: 'unchanged', changes: [], drift: await removals(stack.text) };
      try {
        const { changes, reason } = await detectDrift(client, name, readTemplate(stack.text), options.signal);
        const unset = settingChanges(await unsetOf(connection, stack.text, name), true);
        const head = { ...headOf(stack), changes: [], drift: [...changes, ...unset] };
        return reason === undefined ? { ...head, status: 'unchanged' } : { ...head, status: 'error', reason };
      } catch (error) {
        options.signal.throwIfAborted();
        throw toAwsError('cloudformation:DetectStackDrift', error);
      }
    },

    async outputs(stack): Promise<Outputs> {
      const connection = await props.connect(stack.id);
      const found = await findStack(connection.cloudFormation, artefactName(stack.id));
      if (found === undefined) throw stackGone(stack.id);
      const facts = readTemplate(stack.text);
      return {
        ...Object.fromEntries(
          (found.Outputs ?? []).map(({ OutputKey: key = '', OutputValue: value }) => [
            key,
            { value, sensitive: facts.isSensitiveOutput(key) },
          ]),
        ),
        ...(await lookedUp(connection, stack)),
      };
    },
  };
}
