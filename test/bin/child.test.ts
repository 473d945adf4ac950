import { describe, expect, it } from 'vitest';
import { run } from '../../bin/child.mjs';

const node = (code: string) => run([process.execPath, '-e', code], { capture: true });

describe('run', () => {
  it("gives the child's exit code and everything it printed", async () => {
    const result = await node("console.log('out'); console.error('err'); process.exitCode = 3");
    expect(result.code).toBe(3);
    expect(result.output).toContain('out');
    expect(result.output).toContain('err');
  });

  it('gives a killed child the code that a shell would', async () => {
    expect((await node("process.kill(process.pid, 'SIGTERM')")).code).toBe(143);
  });

  it('reports a command that is not there instead of throwing', async () => {
    const { code, output } = await run(['/nowhere/to/be/found'], { capture: true });
    expect(code).toBe(127);
    expect(output).toContain('ENOENT');
  });

  it('passes a termination on and waits for the child to end', async () => {
    const ending = node(
      "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); setTimeout(() => process.kill(process.ppid, 'SIGTERM'), 50)",
    );
    expect((await ending).code).toBe(7);
  });
});
