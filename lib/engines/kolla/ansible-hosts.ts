import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isMissing } from '../../fs/files.ts';
import type { CloudHosts, CommandResult, HostCommand } from '../../private-cloud/members/ports.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { runLines } from '../run.ts';
import { ansibleOf } from './ansible-program.ts';
import { ansibleSilent, hostUnreachable } from './errors.ts';

export interface AnsibleHostsProps {
  /** Files of the tree as it stands; its inventory and variables say how hosts are reached. */
  readonly tree: Readonly<Record<string, string>>;
  readonly engine: 'docker' | 'podman';
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Commands on hosts by Ansible, as kolla-ansible reaches them: same inventory, login and way to root. A play of one task is written for
 * each into a folder of this user alone: words that Ansible would evaluate are marked unsafe, and with `no_log` neither its output nor
 * the host's system log has them. The answer comes back in a file.
 */
export function ansibleHosts(props: AnsibleHostsProps): CloudHosts {
  return {
    async run(command, signal) {
      const folder = mkdtempSync(join(tmpdir(), 'tandem-ansible-'));
      try {
        return await runPlay(props, command, folder, signal);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function runPlay(
  { tree, engine, environment }: AnsibleHostsProps,
  command: HostCommand,
  folder: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  for (const [path, content] of Object.entries(tree)) if (path.startsWith('inventory/')) write(folder, path, content);
  const answer = join(folder, 'answer.json');
  write(folder, 'play.yml', playOf(command, engine, answer));
  const own = { ANSIBLE_NOCOLOR: '1', ANSIBLE_RETRY_FILES_ENABLED: '0' };
  const run = {
    ...{
      program: `${ansibleOf(environment)}-playbook`,
      args: ['--inventory', join(folder, 'inventory/multinode'), 'play.yml'],
    },
    ...{ folder, signal, environment: { ...childEnvironment('host-tool', environment), ...own } },
  };
  const recap: string[] = [];
  const { code } = await runLines(run, (line) => {
    if (/\bunreachable=[1-9]/.test(line)) recap.push(line);
  });
  signal.throwIfAborted();
  if (recap.length > 0) throw hostUnreachable(command.host);
  try {
    return JSON.parse(readFileSync(answer, 'utf8')) as CommandResult;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw ansibleSilent(command.host, code);
  }
}

function write(folder: string, path: string, content: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, content, { mode: 0o600 });
}

/** A program that is not there has no exit code in Ansible: it is 127, as a shell says it. */
const ANSWER =
  "{{ {'code': answer.rc | default(127), 'stdout': answer.stdout | default(''), 'stderr': answer.stderr | default('')} | to_json }}";

/** JSON is YAML; only what Ansible must not evaluate has a tag, which JSON lacks. */
function playOf({ host, container, argv, input, timeoutSeconds = 60 }: HostCommand, engine: string, answer: string) {
  const inside = container === undefined ? [] : [engine, 'exec', ...(input === undefined ? [] : ['-i']), container];
  const words = ['timeout', '--kill-after=10', String(timeoutSeconds), ...inside, ...argv].map(unsafe).join(', ');
  const stdin = input === undefined ? '' : `, "stdin_add_newline": false, "stdin": ${unsafe(input)}`;
  const task = `"ansible.builtin.command": {"argv": [${words}], "expand_argument_vars": false, "strip_empty_ends": false${stdin}}`;
  const how = `"become": true, "register": "answer", "failed_when": false, "changed_when": false, "no_log": true`;
  const keep = `"ansible.builtin.copy": {"content": ${JSON.stringify(ANSWER)}, "dest": ${unsafe(answer)}, "mode": "0600"}`;
  return `[{"hosts": ${unsafe(host)}, "gather_facts": false, "tasks": [
  {${task}, ${how}},
  {${keep}, "delegate_to": "localhost", "become": false, "no_log": true}
]}]
`;
}

function unsafe(text: string): string {
  return `!unsafe ${JSON.stringify(text)}`;
}
