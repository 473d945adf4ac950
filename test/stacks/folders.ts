import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** The project's root. */
export const root = join(import.meta.dirname, '../..');

/** An empty folder for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const outputs: string[] = [];

/** A folder for an App of the CDK, made before or in any test of a file; without one, each App leaves its own behind. */
export function outputFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-cdk-'));
  outputs.push(folder);
  return folder;
}

/** Registers the removal of `outputFolder`s with whichever file imports this. */
afterAll(() => {
  for (const folder of outputs) rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder, with its content. */
export function filesBelow(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  );
}
