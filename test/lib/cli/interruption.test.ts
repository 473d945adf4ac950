import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionContext } from '../../../lib/actions/context.ts';
import { verbs } from '../../../lib/cli/app.ts';
import { createContext } from '../../../lib/cli/context.ts';
import { runVerb, type Verb, type VerbProps } from '../../../lib/cli/define-verb.ts';
import { describeVerbs } from '../../../lib/cli/describe-verbs.ts';
import type { Flags } from '../../../lib/cli/flags.ts';
import { isGroup, type Verbs } from '../../../lib/cli/group.ts';
// Loaded before the clock stands still.
import '../../../lib/cli/host.ts';
import { declined } from '../../../lib/deploy/errors.ts';

type Props = VerbProps<Flags, [], unknown>;

/** Every verb that there is, with all that defines it. */
function all(of: Verbs, path: readonly string[] = []): [string, Verb][] {
  return Object.entries(of).flatMap(([name, each]) =>
    isGroup(each) ? all(each.verbs, [...path, name]) : [[[...path, name].join(' '), each] as [string, Verb]],
  );
}

const VERBS = all(verbs);
const acts = ({ props }: Verb): boolean => (props as Props).acts ?? (props as Props).asks === true;
const FLAGS = { json: false, noColor: true, nonInteractive: true } as never;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Runs a verb whose work is replaced, in a process that can be sent signals. */
function start({ props }: Verb, action: Props['action']) {
  const process = Object.assign(new EventEmitter(), {
    ...{ env: {}, cwd: () => '/', exitCode: undefined },
    ...{ stdin: { isTTY: false }, stdout: { isTTY: false, write: () => true }, stderr: { isTTY: false, write: say } },
  });
  let said = '';
  function say(text: string): boolean {
    said += text;
    return true;
  }
  const context = createContext(process as never, ['verb', 'an argument']);
  const ending = runVerb(context, { ...(props as Props), action }, FLAGS, []).then(
    () => undefined,
    (error: unknown) => error,
  );
  const started = vi.advanceTimersByTimeAsync(1);
  return { context, ending, said: () => said, started, process, send: (name: string) => process.emit(name, name) };
}

const stopped = {
  code: 'interrupted',
  next: "run `tandem verb 'an argument'` again: it finds what was done, and goes on from there",
};
/** A port that never answers, and does not listen. */
const deaf = () => new Promise<never>(() => undefined);
/** One that stops when it is asked to. */
const polite = ({ signal }: ActionContext) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
const hanging = (context: ActionContext) => {
  context.signal.addEventListener('abort', () => undefined);
  return deaf();
};

it('is tried with every verb of the catalogue', () => {
  expect(VERBS.map(([name]) => name)).toEqual(describeVerbs().map(({ path }) => path.join(' ')));
  expect(VERBS.filter(([, verb]) => acts(verb)).map(([name]) => name)).toEqual(
    expect.arrayContaining(['deploy', 'destroy', 'env create', 'env reap', 'lab up', 'cloud grow']),
  );
});

describe.each(VERBS)('%s, interrupted while a port hangs', (_, verb) => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('says on %s how to go on, and ends with %i', async (name, code) => {
    const { context, ending, started, said, send } = start(verb, polite);
    await started;
    send(name);
    expect(await ending).toMatchObject(stopped);
    expect(context.interruption.exitCode()).toBe(code);
    expect(said()).toMatch(/Stopping/);
  });

  it('is left when what it waits for does not listen: at once, after a moment, or when asked again', async () => {
    const ignorant = start(verb, deaf);
    await ignorant.started;
    ignorant.send('SIGTERM');
    await vi.advanceTimersByTimeAsync(1);
    expect(await ignorant.ending).toMatchObject(stopped);

    const { ending, said, send, started } = start(verb, hanging);
    await started;
    send('SIGINT');
    // The same Ctrl-C, passed on by a parent.
    send('SIGINT');
    await vi.advanceTimersByTimeAsync(4000);
    let isOver = false;
    void ending.then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isOver).toBe(!acts(verb));
    if (acts(verb)) {
      send('SIGINT');
      expect(said()).toMatch(/Leaving at once\..*half made/);
    }
    expect(await ending).toMatchObject(stopped);
  });
});

describe('an interrupted verb', () => {
  const [, verb] = VERBS.find(([name]) => name === 'deploy') ?? VERBS[0]!;

  it('takes no error for a bug that stopping made, and no answer for a no', async () => {
    for (const thrown of [new TypeError('terminated'), declined()]) {
      const { ending, send, started } = start(verb, async (context) => {
        await polite(context).catch(() => undefined);
        throw thrown;
      });
      await started;
      send('SIGTERM');
      expect(await ending).toMatchObject(stopped);
    }
  });

  it('listens to signals only while it runs', async () => {
    const { ending, process } = start(verb, () => Promise.reject(declined()));
    expect(await ending).toMatchObject({ code: 'declined' });
    expect(process.eventNames()).toEqual([]);
  });
});
