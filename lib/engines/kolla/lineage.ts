import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, writeFileAtomic } from '../../fs/files.ts';
import type { StackId } from '../../stack/id.ts';
import type { Engine } from '../engine.ts';
import { foundMark, givesWay, type Mark, ownMarkSchema, unmarked } from '../lineage.ts';

/** Beside Kolla's own secrets, which every deployment of the cloud needs: on the deployment host, and wherever that is copied. */
const FILE = 'tandem-lineage.json';

/** Marks of clouds that Kolla-Ansible deploys: a file on the deployment host. */
export function kollaMarks(
  folderOf: (stack: StackId) => string,
): Required<Pick<Engine, 'lineageOf' | 'mark' | 'unmark'>> {
  const fileOf = ({ id }: { readonly id: StackId }): string => join(folderOf(id), FILE);
  const read = (file: string): Mark | undefined => {
    try {
      const own = ownMarkSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      return own.success ? foundMark(own.data, file) : unmarked(file);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (error instanceof SyntaxError) return unmarked(file);
      throw error;
    }
  };
  return {
    lineageOf: (stack) => Promise.resolve(read(fileOf(stack))),
    async mark(stack, own, { instead }) {
      const file = fileOf(stack);
      // Without its folder nothing can be deployed, which is said where that is tried.
      if (!existsSync(folderOf(stack.id))) return undefined;
      const text = `${JSON.stringify(own, null, 2)}\n`;
      try {
        writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
        const found = read(file);
        if (found !== undefined && !givesWay(found, own, instead)) return found;
        writeFileAtomic(file, text);
      }
      return foundMark(own, file);
    },
    async unmark(stack) {
      rmSync(fileOf(stack), { force: true });
    },
  };
}
