import type { Broken } from '../../state/broken.ts';
import { isDeadHere } from '../../state/lock.ts';
import type { Check, Finding } from './check.ts';
import { filesCheck } from './files.ts';
import { fleetsCheck } from './fleets.ts';
import { enginesCheck, gitCheck } from './machine.ts';

/** What `tandem doctor` looks at. A room adds a check by a line here. */
export const checks: readonly Check[] = [
  records,
  journals,
  chain,
  locks,
  operations,
  leftBehind,
  fleetsCheck,
  filesCheck,
  enginesCheck,
  gitCheck,
];

function setsAside(
  { kind, name, where, why }: Broken,
  setAside: (name: string, folder: string) => Promise<string>,
): Finding {
  return {
    check: `broken-${kind}`,
    text: `${where} cannot be read: ${why}`,
    next: 'restore it from a backup, or run `tandem doctor --repair`, which moves it aside and keeps a copy',
    repair: async (copies) => `moved aside; a copy is ${await setAside(name, copies)}`,
  };
}

async function records({ ports: { records: store } }: Parameters<Check>[0]): Promise<Finding[]> {
  return (await store.broken()).map((each) => setsAside(each, (name, folder) => store.setAside(name, folder)));
}

async function journals({ ports: { journal } }: Parameters<Check>[0]): Promise<Finding[]> {
  return (await journal.broken()).map((each) => setsAside(each, (name, folder) => journal.setAside(name, folder)));
}

/** Operations whose journals are compared: those of some months. */
const CHAIN = 200;

/** What the journal told and tells no longer. Nothing can bring it back, and nothing stops for it. */
async function chain({ ports: { journal, records: store } }: Parameters<Check>[0]): Promise<Finding[]> {
  const lost: Finding[] = [];
  // The newest operation has no later one that could tell of it; what it applied does.
  for (const { stack, operation } of await store.list())
    if (operation !== undefined && (await journal.tellOf(operation)) === undefined)
      lost.push({
        check: 'journal-chain',
        text: `the journal of operation ${operation}, which applied ${stack}, is gone`,
        next: "look for it in a backup, and in the cloud's own audit log",
      });
  const broken = (await journal.breaks(CHAIN)).map(({ operation, why }) => ({
    check: 'journal-chain',
    text: `the journal of operation ${operation} is not as it was written: ${why}`,
    next: `\`tandem history ${operation}\` shows what is left; compare it with a backup, and with the cloud's own audit log`,
  }));
  return [...broken, ...lost];
}

/** A lock that cannot be read may be held: only people know. */
async function locks({ ports: { locks: store, actor } }: Parameters<Check>[0]): Promise<Finding[]> {
  const broken = (await store.broken()).map(({ name, where, why }) => ({
    check: 'broken-lock',
    text: `${where} cannot be read: ${why}; who holds ${name} is unknown`,
    next: `make sure that nobody works on ${name}, then run \`tandem unlock ${name}\``,
  }));
  const dead = (await store.list()).filter((lock) => isDeadHere(lock, actor.host));
  const left = dead.map((lock) => ({
    check: 'dead-lock',
    text: `${lock.stack} is locked by \`${lock.verb}\` of ${lock.owner} (process ${lock.processId}), which has ended`,
    next: 'nothing needs to be done: the next run takes it over',
    repair: async () => {
      await store.break(lock.stack, actor.by);
      return 'released';
    },
  }));
  return [...broken, ...left];
}

/** Operations that nobody works on and that did not end. */
async function operations({ ports: { journal, locks: store, actor } }: Parameters<Check>[0]): Promise<Finding[]> {
  const live = (await store.list()).filter((lock) => !isDeadHere(lock, actor.host)).map((lock) => lock.operation);
  const open = (await journal.open()).filter((each) => !live.includes(each.id));
  return open.map(({ id, verb, stacks, by, startedAt, resume }) => ({
    check: 'unfinished-operation',
    text: `operation ${id} (\`${verb}\` of ${stacks.join(', ')} by ${by}, ${startedAt}) did not end`,
    next: `continue it with \`${resume === 'deploy' ? `tandem deploy --resume ${id}` : resume}\``,
  }));
}

/** What stays where a stack was before its target changed: only a version tells of it. */
async function leftBehind({ ports: { versions } }: Parameters<Check>[0]): Promise<Finding[]> {
  return (await versions.left()).map(({ stack, id, moment, by, at, commit }) => ({
    check: 'left-behind',
    text: `${stack} was ${moment} by ${by} on ${at.slice(0, 10)}${commit === '' ? '' : `, as applied from ${commit.slice(0, 10)}`}: nobody owns what is there, and it is paid for`,
    next: `destroy it with its cloud's own tools (\`tandem state show ${stack} ${id}\` lists it), then run \`tandem state forget ${stack} ${id}\``,
  }));
}
