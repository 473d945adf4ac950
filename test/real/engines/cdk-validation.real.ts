import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test, vi } from 'vitest';
import { ClusterStack } from '../../../stacks/aws/cluster-stack.ts';
import { LinkStack } from '../../../stacks/aws/link-stack.ts';
import { NetworkStack } from '../../../stacks/aws/network-stack.ts';
import { acknowledged } from '../../stacks/aws/acknowledged.ts';
import { appWith, environments, inputsOf, linkInputsOf } from '../../stacks/aws/environments.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

/** What the validator of CloudFormation's schemas and cdk-nag find in the stacks of all environments. */
function reports(): Report['pluginReports'] {
  const outdir = temporaryFolder();
  const app = appWith({ outdir, builtinCloudFormationValidation: true });
  for (const name of Object.keys(environments) as (keyof typeof environments)[]) {
    new NetworkStack(app, inputsOf(name));
    new ClusterStack(app, inputsOf(name));
    new LinkStack(app, linkInputsOf(name));
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // Synthesis prints the report, and throws where anything was found.
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => app.synth()).toThrow('validation-report.json');
  quiet.mockRestore();
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports;
}

test('the schemas and cdk-nag find nothing that is not acknowledged, and all that is', () => {
  const found = reports().flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
    ),
  );
  const explain = (at: (typeof found)[number]) =>
    acknowledged.filter(({ rule, path }) => rule.test(at.rule) && path.test(at.path));
  expect(found.filter((each) => explain(each).length === 0)).toEqual([]);
  const used = new Set(found.flatMap(explain));
  expect(acknowledged.filter((each) => !used.has(each)).map(({ rule }) => String(rule))).toEqual([]);
  // Both were there.
  expect(found.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['W3010', 'AwsSolutions-S1']));
});
