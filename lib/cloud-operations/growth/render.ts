import { treeFolder } from '../../engines/kolla/written-tree.ts';
import { counted } from '../../text/plural.ts';
import { commandLine, type Growth, inventoryOf } from './grow.ts';

export function growthJson({ cloud, to, steps }: Growth): string {
  return `${JSON.stringify({ format: 'tandem.cloud-grow/1', cloud, to, steps }, null, 2)}\n`;
}

/** The steps as people read and type them. */
export function renderGrowth({ cloud, to, steps }: Growth): string {
  if (steps.length === 0) return `${cloud} has layout ${to} already; there is nothing to do.\n`;
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
  return `${[...lines, `${counted(steps.length, 'step')}. In the simulation no step loses a majority or the VIP. Nothing was executed: --execute does.`].join('\n')}\n`;
}
