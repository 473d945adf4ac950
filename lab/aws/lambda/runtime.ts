/**
 * What runs in a function's process: loads the handler, runs an event at a time, and tells of its end. A sleep of `node:timers/promises` is one of the
 * endpoint's clock; all other time is real. As text, for the emulator is one file where it is published.
 */
export const RUNTIME = `
import { createRequire, syncBuiltinESMExports } from 'node:module';
const timers = createRequire('file:///')('node:timers/promises');
const sleepers = new Map();
let last = 0;
timers.setTimeout = (milliseconds, value) =>
  new Promise((resolve) => {
    last += 1;
    sleepers.set(last, () => resolve(value));
    process.send({ kind: 'sleep', id: last, milliseconds });
  });
syncBuiltinESMExports();
const [file, name] = [process.env.LAB_HANDLER_FILE, process.env.LAB_HANDLER_NAME];
process.on('message', async (message) => {
  if (message.kind === 'wake') {
    sleepers.get(message.id)?.();
    sleepers.delete(message.id);
    return;
  }
  try {
    const loaded = await import(file);
    await loaded[name](message.event, {});
    process.send({ kind: 'done' });
  } catch (error) {
    process.send({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ kind: 'ready' });
`;
