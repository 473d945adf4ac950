import { echoSoftware } from '../../../lib/bring-up/echo.ts';
import { formLease } from './formation.ts';

/** Forms servers and is killed, as a test that ran out of time is. */
const lease = await formLease({
  name: 'carol',
  software: { echo: echoSoftware({}, 1) },
  volumes: { echo: { data: 64 } },
});
await lease.healthy();
const [server] = lease.servers;
process.stdout.write((await server?.must(['readlink', '/proc/self/ns/pid'])) ?? '');
process.kill(process.pid, 'SIGKILL');
