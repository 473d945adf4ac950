import { PLAIN_ATTRIBUTE } from '../../plan/change.ts';
import { differences, leaves } from '../../plan/difference/differences.ts';
import type { Action, BareChange } from '../../plan/model.ts';
import { Placement, restartsOfMembers, restartsOfValues } from '../../private-cloud/kolla/restarts.ts';
import { runningServices } from '../../private-cloud/kolla/running.ts';
import {
  describeSwitched,
  NOTHING_SWITCHED,
  type Switched,
  switchedBetween,
} from '../../private-cloud/kolla/switches.ts';
import { type Files, filesIn, globalsOf, readInventory, valuesOf } from './read-tree.ts';

/**
 * The difference of two trees, file by file and key by key, with the services that restart for it and where. A file in which only
 * comments differ is noise. Undefined is a tree that does not exist. Pure.
 */
export function diffKolla(before: string | undefined, after: string | undefined): BareChange[] {
  if (before === after) return [];
  const [left, right] = [filesIn(before), filesIn(after)];
  const isWhole = before === undefined || after === undefined;
  const [old, now] = [placementOf(left), placementOf(right)];
  const switched = isWhole ? NOTHING_SWITCHED : switchesOf(left, right);
  const fresh = new Set(switched.started);
  const paths = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return paths.flatMap((path) => {
    const [from, to] = [left[path], right[path]];
    if (from === to) return [];
    const attributes = attributesOf(path, from, to);
    const changed = attributes.map((each) => each.path);
    const standing = after === undefined ? old : now;
    const restarts =
      path === 'inventory/multinode' ? restartsOfMembers(old, now) : restartsOfValues(path, changed, standing);
    return [
      {
        address: path,
        type: typeOf(path),
        action: actionOf(from, to),
        reasons: path === 'globals.yml' ? describeSwitched(switched) : [],
        attributes: isWhole ? [] : attributes,
        noise: attributes.length === 0,
        restarts: isWhole ? [] : restarts.filter((each) => !fresh.has(each)),
        findings: [],
      } satisfies BareChange,
    ];
  });
}

/** Where the services of a tree run. */
export function placementOf(files: Files): Placement {
  return new Placement(readInventory(files['inventory/multinode'] ?? ''), runningServices(globalsOf(files)));
}

/** What is switched on and off from one tree to the next. */
export function switchesOf(before: Files, after: Files): Switched {
  return switchedBetween(placementOf(before), placementOf(after), [globalsOf(before), globalsOf(after)]);
}

function actionOf(from: string | undefined, to: string | undefined): Action {
  if (from === undefined) return 'create';
  return to === undefined ? 'delete' : 'update';
}

function attributesOf(path: string, from: string | undefined, to: string | undefined): BareChange['attributes'] {
  const values = (content: string | undefined) => (content === undefined ? undefined : valuesOf(path, content));
  const found =
    from === undefined
      ? [...leaves(values(to))].map(([key, value]) => ({ path: key, before: null, after: value }))
      : differences(values(from), values(to) ?? {});
  return found.map((each) => ({ ...each, ...PLAIN_ATTRIBUTE }));
}

function typeOf(path: string): string {
  if (path === 'globals.yml') return 'kolla_globals';
  if (path === 'inventory/multinode') return 'kolla_inventory';
  if (path.startsWith('inventory/host_vars/')) return 'kolla_host_vars';
  return path.startsWith('inventory/group_vars/') ? 'kolla_group_vars' : 'kolla_override';
}
