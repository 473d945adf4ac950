import { memoryFiles } from '../../../lib/config/files.ts';
import { writeLeaseText } from '../../../lib/dev/lease-file.ts';
import type { LeaseRepository } from '../../../lib/dev/lease-repository.ts';
import type { MemoryGit } from '../git/memory-git.ts';

/**
 * The fake of `LeaseRepository`: a repository without a remote, whose branch is what the memory git has checked out. Fulfils the
 * contract of `lease-repository.contract.test.ts`.
 *
 * @param files those of the working tree
 */
export function memoryLeases(
  root: string,
  git: MemoryGit,
  files: () => Readonly<Record<string, string>>,
  onPublish: (message: string) => void = () => undefined,
  now: () => Date = () => new Date(),
  identity: () => string = () => 'ada@example.org',
): LeaseRepository & { commitAll(): void } {
  let committed = files();
  const changes = new Map<string, string>();
  /** By file and line. */
  const writers = new Map<string, string>();
  return {
    commitAll() {
      committed = files();
      git.commit('all', committed);
    },
    requireReady: () => Promise.resolve(),
    survey(file) {
      const there = committed;
      return Promise.resolve({
        ...{
          label: 'HEAD',
          isShared: false,
          isBehind: false,
          by: changes.has(file) ? 'Ada <ada@example.org>' : undefined,
        },
        files: () => memoryFiles(there),
        contains: async (commit) => git.isAncestor(commit, (await git.head()) ?? ''),
        async publish({ text, message }) {
          const isNew = committed[file] !== text;
          if (isNew) {
            onPublish(message);
            const old = committed[file];
            const { [file]: _, ...others } = committed;
            committed = text === undefined ? others : { ...others, [file]: text };
            git.commit(message, committed);
            changes.set(file, now().toISOString());
            const before = new Set(old?.split('\n'));
            for (const line of (text ?? '').split('\n'))
              if (!before.has(line)) writers.set(`${file} ${line}`, identity());
          }
          writeLeaseText(root, file, text);
          git.write(files());
          const nowhere = { command: undefined, notFollowed: undefined };
          return { ...nowhere, kind: 'local', isNew, commit: await git.head(), branch: 'HEAD' };
        },
      });
    },
    lastChange: (file) => Promise.resolve(changes.get(file)),
    identity: () => Promise.resolve(identity()),
    writerOf: (file, line) => {
      const text = files()[file]?.split('\n')[line - 1];
      return Promise.resolve(text === undefined ? undefined : writers.get(`${file} ${text}`));
    },
  };
}
