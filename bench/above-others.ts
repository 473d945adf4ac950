import { spawnSync } from 'node:child_process';

/**
 * What else the machine does must not decide: from here on, all that this process starts has the real-time class, where the user may
 * take it. A priority alone counts within a session only, and each command of an agent has one of its own. Gives the way back.
 */
export function aboveOthers(): () => void {
  const schedule = (policy: string, priority: number) =>
    spawnSync('chrt', ['--all-tasks', policy, '--pid', String(priority), String(process.pid)], { stdio: 'ignore' });
  schedule('--rr', 1);
  return () => void schedule('--other', 0);
}
