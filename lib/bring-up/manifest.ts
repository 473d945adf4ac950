import { type ComponentFile, type ComponentPort, secretNames } from './component.ts';
import { fileNotPlain, samePathTwice } from './errors.ts';
import { type AnyComponent, inputsOf, type TierSoftware } from './tier-software.ts';

/** What the program on a server reads: the same for every server of a tier. Without secrets, addresses and values. */
export interface Manifest {
  readonly tier: string;
  readonly components: readonly ManifestComponent[];
}

interface ManifestComponent {
  readonly name: string;
  readonly files: readonly Required<ComponentFile>[];
  readonly units: readonly string[];
  readonly health: string;
  readonly drain: string;
  readonly backup: string;
  readonly data: readonly { readonly path: string; readonly owner: string; readonly mode: string }[];
  readonly secrets: readonly string[];
  /** That others ask before they restart; 0 where it has none. */
  readonly port: number;
}

/** @throws TandemError `component-file-not-plain`, `same-file-twice` */
export function manifestOf(software: TierSoftware): Manifest {
  const components = software.runs.map(({ component, settings }) => ofComponent(software, component, settings));
  checkPaths(software.inputs.tier, components);
  return { tier: software.inputs.tier, components };
}

function ofComponent(software: TierSoftware, component: AnyComponent, settings: object): ManifestComponent {
  return {
    name: component.name,
    files: component.files(inputsOf(software, settings)).map((file) => complete(component.name, file)),
    units: component.units(settings),
    health: component.health(settings),
    drain: component.hooks.drain ?? '',
    backup: component.hooks.backup ?? '',
    data: component.data.map(({ path, owner, mode = '0750' }) => ({ path, owner, mode })),
    secrets: (component.secrets ?? []).flatMap(secretNames),
    port: component.ports(settings).find(asksOthers)?.port ?? 0,
  };
}

function asksOthers({ protocol, from }: ComponentPort): boolean {
  return protocol === 'tcp' && from !== 'local';
}

function complete(component: string, file: ComponentFile): Required<ComponentFile> {
  const { path, content, mode = '0644', owner = 'root:root', onChange = 'restart' } = file;
  if (!path.startsWith('/') || path.split('/').includes('..'))
    throw fileNotPlain(component, path, 'has no absolute path');
  // Terraform would evaluate these in user data.
  const evaluated = /[$%]\{/.exec(content)?.[0];
  if (evaluated !== undefined) throw fileNotPlain(component, path, `has ${evaluated}, which Terraform evaluates`);
  return { path, content, mode, owner, onChange };
}

function checkPaths(tier: string, components: readonly ManifestComponent[]): void {
  const writers = new Map<string, string>();
  for (const { name, files } of components)
    for (const { path } of files) {
      const other = writers.get(path);
      if (other !== undefined) throw samePathTwice(tier, path, [other, name]);
      writers.set(path, name);
    }
}
