import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Project } from '../config/project.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { reasonOf } from '../stack/errors.ts';
import { describeStack, type ModuleFault } from './load-custom.ts';
import { customModules, policyModules } from './own-modules.ts';
import { NO_POLICIES, policiesIn, policySchema } from './policy-shape.ts';

const require = createRequire(import.meta.url);

/**
 * Runs the project's code, module by module.
 * @param begin is told of each before it runs: one that never ends is known by that
 */
export function checkModules(root: string, project: Project, begin: (file: string) => void): ModuleFault[] {
  const named = new Map<string, string>();
  const faults: ModuleFault[] = [];
  const check = (file: string, names: () => readonly string[]) => {
    begin(file);
    try {
      for (const name of names()) {
        const twin = named.get(name);
        if (twin !== undefined)
          faults.push({ file, why: `${twin} has the name "${name.split(' ').at(-1) ?? ''}" too` });
        named.set(name, file);
      }
    } catch (error) {
      faults.push(faultOf(root, file, error));
    }
  };
  for (const file of customModules(root)) check(file, () => [`stack ${describeStack(root, project, file).name}`]);
  for (const file of policyModules(root)) check(file, () => policiesOf(require(resolve(root, file))));
  return faults;
}

/** Names of the policies that a module exports, one as `policy` or several as `policies`. */
function policiesOf(exports: unknown): string[] {
  const policies = policiesIn(exports);
  if (policies === undefined) throw new Error(NO_POLICIES);
  return policies.map((each: unknown) => {
    const parsed = policySchema.safeParse(each);
    if (parsed.success) return `policy ${parsed.data.id}`;
    const [issue] = parsed.error.issues;
    const { id } = (each ?? {}) as { readonly id?: unknown };
    const which = typeof id === 'string' ? `policy ${id}` : 'a policy';
    throw new Error(`${which} is none: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  });
}

function faultOf(root: string, file: string, error: unknown): ModuleFault {
  const { what = '', why = reasonOf(error) } = (error instanceof TandemError ? error.details : {}) as Record<
    string,
    string
  >;
  const cause = error instanceof TandemError ? (error.cause ?? error) : error;
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const [, after = ''] = stack.split(resolve(root, file), 2);
  const [, line, column] = /^:(\d+)(?::(\d+))?/.exec(after) ?? [];
  const first = why.split('\n')[0] ?? '';
  return {
    file,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
    why: what === '' || what === 'it cannot be loaded' ? first : `${what}: ${first}`,
  };
}
