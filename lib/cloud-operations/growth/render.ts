import { treeFolder } from '../../engines/kolla/written-tree.ts';
import { commandLine, type Growth, inventoryOf } from './grow.ts';

/** The steps as people read and type them. */
export function renderSteps({ cloud, steps }: Pick<Growth, 'cloud' | 'steps'>): string {
  const folder = treeFolder(cloud);
  const lines = steps.flatMap((step) => [
    step.key,
    ...step.unavailable.map((what) => `   unavailable: ${what}`),
    ...step.commands.map((command) => {
      const words = commandLine(command, folder, inventoryOf(folder, step));
      const text = words.map((word) => (/^[\w./:,@=-]+$/.test(word) ? word : `'${word}'`)).join(' ');
      return `   ${command.isCheck === true ? '? ' : '$ '}${command.oneByOne === true ? 'ANSIBLE_FORKS=1 ' : ''}${text}`;
    }),
    '',
  ]);
  return lines.join('\n');
}
