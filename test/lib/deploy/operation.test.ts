import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOperation } from '../../../lib/deploy/operation.ts';
import type { DeployEvent, OperationOptions, OperationPorts, RunningOperation } from '../../../lib/deploy/ports.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import type { Outcome } from '../../../lib/state/journal.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';

const base: StackId = 'openstack/lab/base';
const lease: StackId = 'openstack/lab/dev/alice';

let root = '';
let ports: OperationPorts;
let events: DeployEvent[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-operation-'));
  events = [];
  const stores = { journal: localJournal(root), locks: localLocks(root) };
  ports = { ...stores, actor: { by: 'ops@here', host: 'here' }, commit: 'c0ffee', now: () => new Date() };
});
afterEach(() => rmSync(root, { recursive: true }));

const run = <T>(
  work: (operation: RunningOperation) => Promise<T>,
  options: Partial<OperationOptions> = {},
  stacks: readonly StackId[] = [lease],
): Promise<T> => {
  const emit = (event: DeployEvent) => void events.push(event);
  return runOperation(
    ports,
    stacks,
    { verb: 'env create', signal: new AbortController().signal, emit, ...options },
    work,
  );
};
const nothing = () => Promise.resolve();
const fail = () => Promise.reject(new Error('broken'));

/** An operation that was interrupted: it is in the journal, and nobody holds its stacks. */
const leave = async (verb: string, begun: readonly string[], stacks: readonly StackId[] = [lease], resume?: string) => {
  const operation = { verb, stacks, by: 'ops', commit: '', arguments: { to: 'converged' } };
  const id = await ports.journal.begin(resume === undefined ? operation : { ...operation, resume });
  for (const key of begun) await ports.journal.intend({ operation: id, key, detail: {} });
  return id;
};
const outcomeOf = async (id: string): Promise<Outcome | 'open' | undefined> => {
  if ((await ports.journal.open()).some((each) => each.id === id)) return 'open';
  return (await ports.journal.history(20)).find((each) => each.id === id)?.outcome;
};

describe('an operation', () => {
  it('locks, begins, writes each step before and after its effect, ends and unlocks', async () => {
    const keys = async () => (await ports.journal.entries(id)).map((each) => ('key' in each ? each.key : each.entry));
    let id = '';
    await run(async (operation) => {
      ({ id } = operation);
      expect((await ports.locks.read(lease))?.operation).toBe(id);
      const value = await operation.step(
        'apply openstack/lab/dev/alice',
        async () => {
          expect(await keys()).toEqual(['begin', 'apply openstack/lab/dev/alice']);
          return 7;
        },
        { detail: { digest: 'd' }, result: () => ({ seconds: 1 }) },
      );
      expect(value).toBe(7);
    });
    expect(await ports.journal.entries(id)).toMatchObject([
      { entry: 'begin', verb: 'env create', by: 'ops@here', commit: 'c0ffee' },
      { entry: 'intend', detail: { digest: 'd' } },
      { entry: 'done', result: { seconds: 1 } },
      { entry: 'end', outcome: 'succeeded' },
    ]);
    expect(await ports.locks.list()).toEqual([]);
  });

  it('names who acted in the cloud: in a step of a stack its own caller, else all, also for work within it', async () => {
    let id = '';
    await run(async (operation) => {
      ({ id } = operation);
      await operation.step('lease', () => Promise.resolve());
      const within = { verb: 'deploy', signal: new AbortController().signal, emit: () => undefined, within: operation };
      await runOperation(ports, [lease], within, async (inner) => {
        inner.actAs(
          new Map<StackId, string>([
            [lease, 'user ops (1)'],
            ['aws/prod/network', 'arn:aws:iam::1:role/x'],
          ]),
        );
        await inner.step(`apply ${lease}`, () => Promise.resolve());
      });
      await operation.step('health', () => Promise.resolve());
    });
    const intended = (await ports.journal.entries(id)).filter((each) => each.entry === 'intend');
    expect(intended.map((each) => each.as)).toEqual([
      undefined,
      ['user ops (1)'],
      ['user ops (1)', 'arn:aws:iam::1:role/x'],
    ]);
  });

  it('leaves a step that failed unfinished, and unlocks', async () => {
    await expect(run((operation) => operation.step(`apply ${lease}`, fail))).rejects.toThrow('broken');
    expect((await ports.journal.open())[0]?.begun).toEqual([`apply ${lease}`]);
    expect(await ports.locks.list()).toEqual([]);
  });

  it('says how to go on where it was interrupted', async () => {
    const abort = new AbortController();
    const work = (operation: RunningOperation) =>
      operation.step(`apply ${lease}`, () => {
        abort.abort();
        return fail();
      });
    await expect(run(work, { signal: abort.signal })).rejects.toMatchObject({ code: 'interrupted' });
    expect(await ports.journal.open()).toHaveLength(1);
  });
});

describe('a lock that was released by hand', () => {
  const second = `apply ${lease}`;
  /** Loses the lock before the second step, or in it. */
  const lose = async (when: 'at once' | 'between' | 'within') => {
    const told: string[] = [];
    const release = () => ports.locks.break(lease, 'eve@there');
    const work = async (operation: RunningOperation) => {
      if (when === 'at once') await release();
      await operation.step('first', () => Promise.resolve(told.push('first')));
      if (when === 'between') await release();
      await operation.step(second, async () => {
        told.push('second');
        if (when === 'within') await release();
      });
      await operation.step('third', () => Promise.resolve(told.push('third')));
    };
    const error: unknown = await run(work).catch((thrown: unknown) => thrown);
    return { told, error };
  };
  it.each([
    ['at once', [], /released by eve@there.*nothing was changed/, []],
    ['between', ['first'], /released by eve@there.*step "first" was done before/, []],
    ['within', ['first', 'second'], /released by eve@there.*openstack\/lab\/dev\/alice is unfinished/, [second]],
  ] as const)('%s: no step is begun after it, and what is left is said', async (when, effects, message, begun) => {
    const { told, error } = await lose(when);
    expect(told).toEqual(effects);
    expect(error).toMatchObject({ code: 'lock-lost', message: expect.stringMatching(message) as string });
    expect(await ports.journal.open()).toMatchObject([{ begun }]);
    await run(nothing);
    expect([await ports.journal.open(), await ports.locks.list()]).toEqual([[], []]);
  });
});

describe('resumes', () => {
  const resumes: OperationOptions['resumes'] = (open) =>
    open.verb === 'cloud grow' && open.arguments['to'] === 'converged';

  it('goes on with the operation that it picks, and begins no other', async () => {
    const left = await leave('cloud grow', ['01-database']);
    await run(
      async ({ id, resumed }) => {
        expect([id, resumed?.begun]).toEqual([left, ['01-database']]);
        await Promise.resolve();
      },
      { resumes },
    );
    expect(events).toMatchObject([{ kind: 'operation', operation: left, resumes: true }]);
    expect(await outcomeOf(left)).toBe('succeeded');
    expect(await ports.journal.history(20)).toHaveLength(1);
  });

  it.each<[string, readonly StackId[], OperationOptions['resumes']]>([
    ['another command', [lease], (open) => open.verb === 'env freeze'],
    ['other stacks', [base], resumes],
    ['nothing, where it is not given', [lease], undefined],
  ])('begins anew where what is open is %s', async (_, stacks, predicate) => {
    const left = await leave('cloud grow', ['01-database'], [lease], 'tandem cloud grow');
    await run(
      async ({ id, resumed }) => {
        expect(id).not.toBe(left);
        expect(resumed).toBeUndefined();
        await Promise.resolve();
      },
      predicate === undefined ? {} : { resumes: predicate },
      stacks,
    );
    expect(await outcomeOf(left)).toBe('open');
  });

  it('is asked once the stacks are locked', async () => {
    await leave('cloud grow', []);
    let holders = 0;
    const { journal, locks } = ports;
    const open = async () => {
      holders = (await locks.list()).length;
      return await journal.open();
    };
    ports = { ...ports, journal: { ...journal, open } };
    await run(nothing, { resumes: () => holders === 1 });
    expect(events).toMatchObject([{ resumes: true }]);
  });
});

describe('staysOpen', () => {
  it.each<[boolean, string]>([
    [false, 'failed'],
    [true, 'open'],
  ])('%s: an operation that changed no stack and failed is %s', async (staysOpen, outcome) => {
    let id = '';
    const work = async (operation: RunningOperation) => {
      ({ id } = operation);
      await operation.step('lease', fail);
    };
    await expect(run(work, { staysOpen })).rejects.toThrow('broken');
    expect(await outcomeOf(id)).toBe(outcome);
    expect(await ports.locks.list()).toEqual([]);
  });
});

describe('supersedesAll', () => {
  it('false: success ends deploys that are about no other stacks, and leaves what its own command finishes', async () => {
    const own = await leave('deploy', [`apply ${lease}`]);
    const wider = await leave('deploy', [`apply ${base}`], [base, lease]);
    const elsewhere = await leave('env freeze', ['lease'], [lease], 'tandem env freeze alice');
    const stepped = await leave('deploy', ['01-database']);
    await run(nothing);
    expect(await Promise.all([own, wider, elsewhere, stepped].map(outcomeOf))).toEqual([
      ...['abandoned', 'open', 'open', 'open'],
    ]);
    const history = await ports.journal.history(20);
    expect(history.find((each) => each.id === own)?.reason).toMatch(/^finished by /);
  });

  it('true: success ends whatever was unfinished on its stacks, failure nothing', async () => {
    const left = [
      await leave('deploy', [`apply ${base}`], [base, lease]),
      await leave('env freeze', ['lease'], [lease], 'tandem env freeze alice'),
    ];
    const other = await leave('deploy', [], [base]);
    await expect(run(fail, { supersedesAll: true })).rejects.toThrow('broken');
    expect(await Promise.all(left.map(outcomeOf))).toEqual(['open', 'open']);
    await run(nothing, { supersedesAll: true });
    expect(await Promise.all([...left, other].map(outcomeOf))).toEqual(['abandoned', 'abandoned', 'open']);
    const history = await ports.journal.history(20);
    expect(history.find((each) => each.id === left[0])?.reason).toBe('superseded by env create');
  });
});

describe('within and resumesId', () => {
  it('writes into the operation of a caller, which keeps its locks and ends it', async () => {
    await run(async (outer) => {
      const { id } = outer;
      await run((operation) => operation.step('apply openstack/lab/dev/alice', nothing), { within: outer });
      expect(await outcomeOf(id)).toBe('open');
      expect((await ports.journal.open())[0]?.done).toEqual(['apply openstack/lab/dev/alice']);
      expect(await ports.locks.list()).toHaveLength(1);
    });
    expect(await ports.journal.open()).toEqual([]);
  });

  it('ends one that it resumes by id', async () => {
    const left = await leave('deploy', [`apply ${lease}`]);
    await run(nothing, { resumesId: left });
    expect(await outcomeOf(left)).toBe('succeeded');
  });
});
