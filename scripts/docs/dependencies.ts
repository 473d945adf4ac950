import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REASONS } from './dependency-reasons.ts';
import { PROGRAMS, type Program } from './pinned-programs.ts';

const FILE = 'docs/dependencies.md';

export type Manifest = Readonly<Partial<Record<Kind, Readonly<Record<string, string>>>>>;
const KINDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;
type Kind = (typeof KINDS)[number];

const OPENING = `# Dependencies

Generated from every \`package.json\` by \`npm run docs\`, with the reasons of \`scripts/docs/dependency-reasons.ts\`; a test fails for a package without a
reason, and for a reason without a package. All versions are exact. What those bring along is in \`package-lock.json\`, and of a release in \`npm run sbom\`.
`;

const HEADINGS: Readonly<Record<Kind, string>> = {
  dependencies: 'In every installation',
  optionalDependencies: 'The runtime, of which npm installs the one that fits',
  devDependencies: 'For development and tests',
};

/** The page of dependencies: path from the root to content. @throws Error as `packageRows` and `programRows` */
export function dependencyFiles(root: string): Map<string, string> {
  const paths = ['package.json', ...globSync('packages/*/package.json', { cwd: root })].sort();
  const manifests = new Map(
    paths.map((path) => [path, JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest]),
  );
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return new Map([[FILE, `${OPENING}${packageTables(manifests, REASONS)}${programTable(PROGRAMS, read)}`]]);
}

/**
 * A table a kind of the root's, then one of each workspace, whose packages may be in the root's as well.
 * @throws Error with the packages that have no reason, the reasons that have no package, and packages with two versions
 */
export function packageTables(
  manifests: ReadonlyMap<string, Manifest>,
  reasons: Readonly<Record<string, string>>,
): string {
  const versions = new Map<string, string>();
  const wrong: string[] = [];
  let tables = '';
  for (const [path, manifest] of [...manifests].sort(([a], [b]) => a.length - b.length))
    for (const kind of KINDS) {
      const packages = Object.entries(manifest[kind] ?? {});
      if (packages.length === 0) continue;
      for (const [name, version] of packages) {
        if (reasons[name] === undefined) wrong.push(`${name} of ${path} has no reason`);
        if ((versions.get(name) ?? version) !== version) wrong.push(`${name} has two versions`);
        versions.set(name, version);
      }
      tables += `\n## ${headingOf(path, kind)}\n\nPinned in \`${path}\`.\n\n| package | version | for |\n|---|---|---|\n`;
      tables += packages.map(([name, version]) => `| \`${name}\` | ${version} | ${reasons[name] ?? ''} |\n`).join('');
    }
  wrong.push(
    ...Object.keys(reasons)
      .filter((name) => !versions.has(name))
      .map((name) => `${name} has a reason, and no package.json names it`),
  );
  if (wrong.length > 0) throw new Error(`scripts/docs/dependency-reasons.ts: ${wrong.join('; ')}`);
  return tables;
}

function headingOf(path: string, kind: Kind): string {
  if (path === 'package.json') return HEADINGS[kind];
  return `\`${dirname(path)}\`${kind === 'devDependencies' ? ', to build it' : ''}`;
}

/** @throws Error that names a program whose version is not found where it is said to be */
export function programTable(programs: readonly Program[], read: (path: string) => string): string {
  const rows = programs.map(({ name, path, version, reason }) => {
    const found = version.exec(read(path))?.[1];
    if (found === undefined) throw new Error(`scripts/docs/pinned-programs.ts: ${path} says no version of ${name}`);
    return `| ${name} | ${found} | \`${path}\` | ${reason} |\n`;
  });
  return `\n## Programs\n\nWhat tiers of blueprints run has its versions on the [page of components](reference/components.md).\n\n| program | version | pinned in | for |\n|---|---|---|---|\n${rows.join('')}`;
}
