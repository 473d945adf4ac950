import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { runOperation } from '../../../lib/deploy/operation.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { record } from './record-of.ts';

/** Runs one operation over local files and kills its own process at the n-th call that changes a file. Says all that was acknowledged. */
const [root = '', at = ''] = process.argv.slice(2);
const stack: StackId = 'openstack/lab/base';
const { writeSync, writeFileSync } = fs;
const say = (text: string): void => void writeSync(1, `${text}\n`);

let calls = 0;
function strike(before: () => void = () => undefined): void {
  calls += 1;
  if (calls !== Number(at)) return;
  before();
  process.kill(process.pid, 'SIGKILL');
}

for (const name of ['openSync', 'fsyncSync', 'renameSync', 'unlinkSync', 'rmSync', 'mkdirSync', 'ftruncateSync']) {
  const original = Reflect.get(fs, name) as (...given: unknown[]) => unknown;
  Reflect.set(fs, name, (...given: unknown[]) => {
    if (name !== 'openSync' || given[1] !== 'r') strike();
    return original(...given);
  });
}
Reflect.set(fs, 'writeFileSync', (file: number, text: string) => {
  strike();
  strike(() => writeSync(file, text.slice(0, text.length / 2)));
  writeFileSync(file, text);
});
syncBuiltinESMExports();

const [locks, journal, records] = [localLocks(root), localJournal(root), localRecords(root)];
const ports: Parameters<typeof runOperation>[0] = {
  locks: {
    ...locks,
    async acquire(...given) {
      const held = await locks.acquire(...given);
      say(`acquired ${held.token}`);
      return held;
    },
  },
  journal: {
    ...journal,
    async begin(...given) {
      const id = await journal.begin(...given);
      say(`begun ${id}`);
      return id;
    },
    async intend(...given) {
      await journal.intend(...given);
      say('intended');
    },
    async done(...given) {
      await journal.done(...given);
      say('done');
    },
    async end(...given) {
      await journal.end(...given);
      say('ended');
    },
  },
  ...{ actor: { by: 'ops@here', host: hostname() }, commit: '', now: () => new Date() },
};
const options = { verb: 'deploy', signal: new AbortController().signal, emit: () => undefined };
await runOperation(ports, [stack], options, (operation) =>
  operation.step(`apply ${stack}`, async () => {
    await records.write(record(stack, 'new'), operation.locks);
    say('recorded');
  }),
);
say(`calls ${calls}`);
