import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { enginePlugins } from '../../lib/engines/plugins.ts';

const ROOT = join(import.meta.dirname, '../..');
const NAMES = enginePlugins().map((plugin) => plugin.name);
/** How ids of stacks begin. */
const ROOMS = /^(?:openstack|aws|kolla|custom)\//;
/** Where the name stands for a section of the configuration or for a service of OpenStack's catalogue, or where ids are composed. */
const ALLOWED = [
  /^lib\/config\//,
  /^lib\/openstack-api\/kinds\/neutron-extensions\.ts$/,
  /^lib\/private-cloud\//,
  /^lib\/stack\/id\.ts$/,
];
/** Names of blocks inside artefacts. */
const BLOCKS = 'SETTINGS';

/**
 * Lines of a file that know an engine by its name, or a stack by the shape of its id. Whatever differs between engines is a member
 * of `EnginePlugin` or `Engine`; ids are composed and taken apart by `lib/stack/id.ts`.
 */
function knowing(file: string, text: string): string[] {
  const own = /^lib\/engines\/([^/]+)\//.exec(file)?.[1];
  if (ALLOWED.some((path) => path.test(file))) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = nameIn(node);
    if (name !== undefined && name !== own && !(ROOMS.test(name) && own !== undefined))
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`);
    if (!(ts.isVariableDeclaration(node) && node.name.getText() === BLOCKS)) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameIn(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node))
    return /\bengines$/.test(node.expression.getText()) && NAMES.includes(node.name.text) ? node.name.text : undefined;
  if (!(ts.isStringLiteralLike(node) || ts.isTemplateHead(node))) return undefined;
  if (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)) return undefined;
  const isId = ROOMS.test(node.text) && !node.text.includes('*');
  return NAMES.includes(node.text) || isId ? node.text : undefined;
}

describe('an engine', () => {
  it('is known by its name in its own folder alone', () => {
    const files = globSync('{lib,stacks,bench}/**/*.ts', { cwd: ROOT });
    expect(files.length).toBeGreaterThan(400);
    expect(files.flatMap((file) => knowing(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it.each([
    "export const f = (engine: string) => engine === 'terraform';",
    "export const f = (engine: string) => { switch (engine) { case 'kolla': return 1; default: return 2; } };",
    "export const f = (engines: Record<string, number>) => engines['cloudformation'];",
    'export const f = (ports: any) => ports.engines.terraform;',
    "export const schema = z.enum(['terraform', 'other']);",
    "export const f = (id: string) => id.startsWith('aws/');",
    // biome-ignore lint: a template in the code that is judged
    'export const f = (cloud: string) => `openstack/${cloud}/base`;',
  ])('fails where code elsewhere says %s', (text) => {
    expect(knowing('lib/deploy/x.ts', text)).toHaveLength(1);
    expect(knowing('stacks/aws/x.ts', text)).toHaveLength(1);
  });

  it('fails where one engine knows another', () => {
    const text = "export const other = 'cloudformation';";
    expect(knowing('lib/engines/terraform/x.ts', text)).toHaveLength(1);
    expect(knowing('lib/engines/cloudformation/x.ts', text)).toEqual([]);
  });
});
