import type { App as CdkApp, Stack } from 'aws-cdk-lib';
import type { App as TerraformApp, TerraformStack } from 'cdktf';
import type { Project } from '../lib/config/project.ts';
import type { StackId } from '../lib/stack/id.ts';

interface Common<Inputs> {
  /** The stack is `custom/<name>`. Lowercase letters, digits and hyphens. */
  readonly name: string;
  /**
   * All that `build` may depend on, as plain JSON, picked from the configuration. The stack is synthesized again when this or any
   * code below `stacks/` changes; so `build` reads no clock, environment or file. Values come without their places in the files.
   */
  readonly inputs: (project: Project) => Inputs;
  /** Stacks that must exist first. @default none */
  readonly dependsOn?: readonly StackId[];
}

/** A stack of your own, in TypeScript with aws-cdk-lib (`cdk`) or cdktf (`cdktn`). */
export type CustomStack<Inputs = unknown> = Common<Inputs> &
  (
    | {
        readonly engine: 'cdk';
        /** Makes the stack in `app`; its construct id must be `id`. */
        readonly build: (app: CdkApp, id: string, inputs: Inputs) => Stack;
      }
    | {
        readonly engine: 'cdktn';
        /** Makes the stack in `app`; its construct id must be `id`. It names no back end: the organisation's is set. */
        readonly build: (app: TerraformApp, id: string, inputs: Inputs) => TerraformStack;
      }
  );

/**
 * Registers a stack: a file `stacks/custom/<anything>.ts` says `export const stack = defineStack({ … })`. It then is in `plan`,
 * `synth`, `cdk synth` or `cdktn synth`, as `custom/<name>`. See docs/examples/custom.
 * @public
 */
export function defineStack<Inputs>(definition: CustomStack<Inputs>): CustomStack {
  // What goes into `build` is what `inputs` gave, through JSON: the type of the middle is nobody's business.
  return definition as CustomStack;
}
