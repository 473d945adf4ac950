import { checkComponents } from '../../components/check.ts';
import { type CheckedProject, loadAndCheck } from '../../config/check.ts';
import type { ConfigFiles } from '../../config/files.ts';
import { cloudRules } from '../rules/index.ts';
import { checkGlobals } from './globals.ts';
import { checkOwnFiles } from './own-files.ts';

/**
 * Reads `config/` and checks it with every rule there is, those of a highly available cloud, of its files for Kolla-Ansible and of leased software among them: what
 * commands, stacks and leases start from. Reads through `files` alone.
 */
export function loadChecked(files: ConfigFiles, today: Date): CheckedProject {
  return loadAndCheck(files, today, [...cloudRules, checkGlobals, checkOwnFiles, checkComponents]);
}
