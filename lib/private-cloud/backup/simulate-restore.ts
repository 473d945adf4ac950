import type { RestoreAction, RestoreStep } from './restore.ts';

interface Member {
  isRunning: boolean;
  data: 'old' | 'restored';
}

/** A database of Galera as steps of a restore change it: what is prepared, and who runs with which data. */
class RestoreModel {
  readonly members: ReadonlyMap<string, Member>;
  #sent = 0;
  #isPrepared = false;

  constructor(members: readonly string[]) {
    this.members = new Map(members.map((name) => [name, { isRunning: true, data: 'old' }]));
  }

  /** Plays an action. Gives what is wrong with it; undefined where nothing is. */
  play(action: RestoreAction): string | undefined {
    const all = [...this.members.values()];
    if (action.kind === 'send') {
      this.#sent += 1;
      return undefined;
    }
    if (action.kind === 'verify')
      return all.every(({ isRunning, data }) => isRunning && data === 'restored')
        ? undefined
        : 'a member does not run with the restored data';
    if (action.kind === 'play') return this.#playKolla(action.play.verb, action.play.extra ?? []);
    const { host, argv } = action.command;
    const script = argv.at(-1) ?? '';
    if (script.includes('--prepare')) {
      this.#isPrepared = this.#sent > 0;
      return this.#isPrepared ? undefined : 'nothing was sent that could be prepared';
    }
    if (script.includes('--copy-back')) return this.#copyBack(host);
    return undefined;
  }

  #playKolla(verb: string, extra: readonly string[]): string | undefined {
    const all = [...this.members.values()];
    if (verb === 'stop') {
      for (const each of all) each.isRunning = false;
      return undefined;
    }
    const founder = this.members.get(extra.at(-1)?.split('=')[1] ?? '');
    if (founder?.data !== 'restored') return 'a member that was not restored would found the cluster';
    if (all.some(({ isRunning }) => isRunning)) return 'a member of the old cluster runs still';
    for (const each of all) Object.assign(each, { isRunning: true, data: 'restored' });
    return undefined;
  }

  #copyBack(host: string): string | undefined {
    const member = this.members.get(host);
    if (member === undefined) return `${host} is no member`;
    if ([...this.members.values()].some(({ isRunning }) => isRunning))
      return 'data would be replaced under a running database';
    if (!this.#isPrepared) return 'data would be deleted before the backup is ready';
    member.data = 'restored';
    return undefined;
  }
}

/** Plays a plan on the model. Gives the step that would go wrong, and why; undefined where none does. Pure. */
export function simulateRestore(
  steps: readonly RestoreStep[],
  members: readonly string[],
): { readonly step: string; readonly problem: string } | undefined {
  const model = new RestoreModel(members);
  for (const { key, actions } of steps)
    for (const action of actions) {
      const problem = model.play(action);
      if (problem !== undefined) return { step: key, problem };
    }
  return [...model.members.values()].every(({ data }) => data === 'restored')
    ? undefined
    : { step: steps.at(-1)?.key ?? '', problem: 'the database would not be restored' };
}
