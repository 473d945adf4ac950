import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, temporaryFolder } from '../stacks/folders.ts';

it('is with the user, and nowhere without HOME', () => {
  const home = temporaryFolder();
  const said = (env: NodeJS.ProcessEnv): string => {
    const code = `const { start } = await import('${root}/bin/runtime.mjs'); process.argv[2] = '--version'; await start('lib/cli/main'); console.log(process.env.NODE_COMPILE_CACHE);`;
    return execFileSync(process.execPath, ['--input-type=module', '--eval', code, 'x', '--version'], {
      env,
    }).toString();
  };
  expect(said({ PATH: '/usr/bin:/bin', HOME: home })).toContain(join(home, '.cache/tandem/compile'));
  expect(existsSync(join(home, '.cache/tandem/compile'))).toBe(true);
  expect(said({ PATH: '/usr/bin:/bin' })).toContain('undefined');
});
