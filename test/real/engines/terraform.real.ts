import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { engineContract } from '../../lib/engines/terraform/engine.contract.ts';

engineContract(join(import.meta.dirname, '../../lib/engines/terraform/fake-terraform'), 'the fake');

for (const program of ['terraform', 'tofu'])
  if (spawnSync(program, ['version'], { env: { ...process.env, CHECKPOINT_DISABLE: '1' } }).status === 0)
    engineContract(program, program);
