import { localLocks } from '../../../lib/state/local-locks.ts';
import { lockRequest } from './lock-request.ts';

/** Acquires a lock and ends without releasing it; says what came of it. */
const [root = '', stack = ''] = process.argv.slice(2);
try {
  await localLocks(root).acquire(lockRequest({ stack: stack as ReturnType<typeof lockRequest>['stack'] }));
  process.stdout.write('held');
} catch (error) {
  process.stdout.write(error instanceof Error && 'code' in error ? String(error.code) : String(error));
}
