import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, runOnce } from '../measure.ts';
import { NODE, ROOT, shippedProject } from '../projects.ts';

const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile') };

/** The shipped configuration, and what `cdk synth` starts on it: a whole process that writes the templates of both environments. */
export class AwsTemplates {
  readonly folder: string = shippedProject();

  get output(): string {
    return join(this.folder, 'cdk.out');
  }

  get files(): string[] {
    return readdirSync(this.output)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => join(this.output, file));
  }

  synth(): Promise<Run> {
    rmSync(this.output, { recursive: true, force: true });
    return this.#run('stacks/aws/main.ts');
  }

  /** Judges every resource of the templates by the schema that AWS publishes of its type. */
  validate(): Promise<Run> {
    return this.#run('bench/aws/validate.ts', ...this.files);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(script: string, ...args: string[]): Promise<Run> {
    const env = { ...COMPILE_CACHE, CDK_OUTDIR: this.output };
    return runOnce({ args: [NODE, join(ROOT, script), ...args], cwd: this.folder, env });
  }
}
