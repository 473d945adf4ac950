import { type Problem, wholeFileProblem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { plainValue } from '../kolla/expression.ts';
import { globalSettings, takenGlobals } from '../kolla/globals.ts';
import { assignmentsIn } from '../kolla/ini.ts';
import { nearestOverride, readerOf } from '../kolla/override-files.ts';
import { ownFolder, WRITTEN_WHOLE } from '../kolla/own-files.ts';
import { RELEASE } from '../kolla/release.ts';
import { runningServices } from '../kolla/running.ts';
import { fieldOfSetting } from '../kolla/settings-of-fields.ts';
import { topologyOf } from '../topology/topology.ts';

/** A cloud's own files for Kolla-Ansible: some role reads each, and none says what a field of the cloud says. */
export function checkOwnFiles({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap((cloud) => {
    const running = namesOf(cloud);
    return Object.entries(cloud.value.ownFiles ?? {}).flatMap(([path, content]) =>
      problemsOf(cloud, path, content, running),
    );
  });
}

interface Names {
  readonly hosts: ReadonlySet<string>;
  /** Services that run; undefined where a variable is refused, and nobody knows. */
  readonly services: ReadonlySet<string> | undefined;
}

function namesOf({ name, value }: Entity<Cloud>): Names {
  if (value.kolla === undefined || value.ownFiles === undefined) return { hosts: new Set(), services: undefined };
  const topology = topologyOf(name, value);
  const hosts = new Set([...topology.hosts.map((host) => host.name), ...Object.keys(value.kolla.inventory.hosts)]);
  if (takenGlobals(value, value.kolla, topology).length > 0) return { hosts, services: undefined };
  const settings = globalSettings(name, value, value.kolla, topology);
  const running = runningServices(Object.fromEntries(settings.map(({ key, value: own }) => [key, plainValue(own)])));
  return { hosts, services: new Set(running.map((each) => each.name)) };
}

function problemsOf({ name }: Entity<Cloud>, path: string, content: string, names: Names): Problem[] {
  const file = `${ownFolder(name)}/${path}`;
  const warned = (message: string, fix: string): Problem[] => [
    { ...wholeFileProblem('kolla-file-unread', file, message, fix), severity: 'warning' },
  ];
  if (WRITTEN_WHOLE.test(path)) {
    const message = 'Tandem writes this file whole, and what it predicts or watches stands on it';
    const fix = path.startsWith('keepalived/') ? 'remove it' : 'rename it: files beside it are read as well';
    return [wholeFileProblem('kolla-file-taken', file, message, fix)];
  }
  const reader = readerOf(path);
  if (reader === undefined) {
    const meant = nearestOverride(path);
    const fix = meant === undefined ? 'remove it' : `rename it to ${meant}, or remove it`;
    return warned(`no role of kolla-ansible ${RELEASE.version} reads a file of this name`, fix);
  }
  if (reader.host !== undefined && !names.hosts.has(reader.host))
    return warned(
      `it holds for a host "${reader.host}", and the cloud has none of this name`,
      'name a host of the cloud, or remove it',
    );
  const { services } = names;
  const unused =
    services !== undefined && reader.services.length > 0 && !reader.services.some((each) => services.has(each));
  if (unused) {
    const message = `the cloud runs none of the services that read it: ${reader.roles.join(', ')}`;
    return warned(message, 'switch the service on in kolla.services or kolla.globals, or remove the file');
  }
  return assignmentsIn(/\.(?:conf|ini|cnf)$/.test(path) ? content : '').flatMap((setting) => {
    const field = fieldOfSetting(setting, reader)?.field;
    if (field === undefined) return [];
    const message = `got ${setting.key} in [${setting.section}]; ${field} of the cloud says it, and rules and predictions read it there`;
    return [
      {
        ...wholeFileProblem('kolla-setting-taken', file, message, `remove the line, and write ${field}`),
        line: setting.line,
      },
    ];
  });
}
