import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackId } from '../../../lib/stack/id.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { isRunning } from '../../../lib/state/process.ts';
import { lockRequest } from './lock-request.ts';

/** Acquires one lock again and again and counts while it holds it; ends with an error where anybody else holds it too. */
const [root = '', rounds = '', ending = ''] = process.argv.slice(2);
const stack: StackId = 'openstack/lab/base';
const [inside, counter] = [join(root, 'inside'), join(root, 'counter')];

for (let left = Number(rounds); left > 0; left -= 1) {
  const held = await localLocks(root).acquire(lockRequest({ stack }), { waitSeconds: 120 });
  // Who was killed in here could not leave.
  if (existsSync(inside) && !isRunning({ processId: Number(readFileSync(inside, 'utf8')), processStarted: '' }))
    rmSync(inside);
  writeFileSync(inside, String(process.pid), { flag: 'wx' });
  const count = Number(readFileSync(counter, 'utf8'));
  await sleep(1);
  writeFileSync(counter, String(count + 1));
  await held.assertHeld();
  if (left === 1 && ending === 'killed') process.kill(process.pid, 'SIGKILL');
  rmSync(inside);
  await held.release();
}
