import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION } from './credentials.ts';
import type { CallFault, ResourceFault } from './faults.ts';
import { changeFleet } from './fleet-controls.ts';
import { startMetadataService } from './imds/server.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject, text } from './json.ts';
import { interruptOne, launchOne, terminateOne } from './model/instances.ts';
import { setTunnel } from './vpn/store.ts';
import type { AwsResponse } from './wire/request.ts';
import type { Realm, World } from './world.ts';

const PREFIX = '/_lab/';

/** The control interface for tests in another process; AWS has none. Undefined for all other paths. */
export function answerControl(world: World, message: IncomingMessage, body: Buffer): Promise<AwsResponse> | undefined {
  const path = message.url ?? '';
  if (!path.startsWith(PREFIX)) return undefined;
  const input: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  if (!isObject(input)) throw new AwsError('BadRequest', 'the body must be a JSON object');
  const verb = `${message.method ?? 'GET'} ${path.slice(PREFIX.length)}`;
  return control(world, verb, input).then((answer) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answer),
  }));
}

async function control(world: World, verb: string, input: JsonObject): Promise<JsonObject> {
  switch (verb) {
    case 'GET health':
      return { ok: true, now: world.clock.now() };
    case 'GET time':
      return timeOf(world);
    case 'POST time':
      await moveTime(world, input);
      return timeOf(world);
    case 'GET resources':
      return {
        resources: world.realms().flatMap((realm) =>
          [...realm.resources.values()].map(({ type, physicalId, properties }) => ({
            ...{ account: realm.account, region: realm.region, type, physicalId, properties },
          })),
        ),
      };
    case 'POST faults/resource':
      world.faults.failResource(input as unknown as ResourceFault);
      return {};
    case 'POST faults/call':
      world.faults.failCall(input as unknown as CallFault);
      return {};
    case 'DELETE faults':
      world.faults.clear();
      return {};
    case 'POST resources/change':
      changeOutOfBand(world, text(input['physicalId']) ?? '', isObject(input['properties']) ? input['properties'] : {});
      return {};
    case 'POST resources/remove':
      removeOutOfBand(world, text(input['physicalId']) ?? '');
      return {};
    case 'POST vpn/tunnel':
      tellTunnel(realmOf(world, input), input);
      return {};
    case 'POST fleet/launch':
      return launch(realmOf(world, input), input);
    case 'POST fleet/interrupt':
      interruptOne(realmOf(world, input), text(input['instanceId']) ?? '', Number(input['inSeconds'] ?? 120));
      return {};
    case 'POST fleet/terminate':
      terminateOne(realmOf(world, input), text(input['instanceId']) ?? '');
      return {};
    case 'POST fleet/impair':
    case 'POST fleet/rebalance':
    case 'POST fleet/capacity':
    case 'POST fleet/offering':
    case 'POST fleet/image':
    case 'POST fleet/quota':
    case 'POST fleet/limits':
    case 'POST fleet/unreachable':
    case 'POST fleet/dead-boots':
      return changeFleet(realmOf(world, input), verb.slice('POST fleet/'.length), input);
    default:
      throw new AwsError('NotFound', `the endpoint has no ${verb}`, 404);
  }
}

function timeOf({ clock }: World): JsonObject {
  return { now: new Date(clock.now()).toISOString(), rate: clock.rate };
}

/** `advance` in seconds, `until` an instant, `rate` in seconds of the endpoint's a second; in this order. */
async function moveTime({ clock }: World, { advance, until, rate }: JsonObject): Promise<void> {
  const number = (name: string, value: Json | undefined): number => {
    if (typeof value === 'number' && value >= 0) return value;
    throw new AwsError('BadRequest', `${name} must be a number, zero or more`);
  };
  if (advance !== undefined) await clock.advance(number('advance', advance) * 1000);
  if (until !== undefined) {
    const instant = Date.parse(text(until) ?? '');
    if (Number.isNaN(instant)) throw new AwsError('BadRequest', 'until must be an instant: 2026-11-28T12:00:00Z');
    await clock.advance(Math.max(0, instant - clock.now()));
  }
  if (rate !== undefined) clock.setRate(number('rate', rate));
}

/** Sets properties of a resource as somebody would in the console: outside CloudFormation, which learns of it by drift detection. */
export function changeOutOfBand(world: World, physicalId: string, properties: JsonObject): void {
  const { resource } = find(world, physicalId);
  resource.properties = { ...resource.properties, ...properties };
}

/** Removes a resource outside CloudFormation: its stack still lists it. */
export function removeOutOfBand(world: World, physicalId: string): void {
  const { realm, resource } = find(world, physicalId);
  realm.remove(resource.type, physicalId);
}

function find(world: World, physicalId: string) {
  for (const realm of world.realms()) {
    const resource = [...realm.resources.values()].find((candidate) => candidate.physicalId === physicalId);
    if (resource !== undefined) return { realm, resource };
  }
  throw new AwsError('NotFound', `no resource has the physical id ${physicalId}`, 404);
}

const realmOf = (world: World, input: JsonObject): Realm =>
  world.realm(text(input['account']) ?? DEFAULT_ACCOUNT, text(input['region']) ?? DEFAULT_REGION);

function tellTunnel(realm: Realm, { address, up, routes, maintenance }: JsonObject): void {
  setTunnel(realm, text(address) ?? '', {
    ...(typeof up === 'boolean' ? { up } : {}),
    ...(typeof routes === 'number' ? { routes } : {}),
    ...(typeof maintenance === 'boolean' ? { maintenance } : {}),
  });
}

/** An instance of a group, with a metadata service of its own. */
async function launch(realm: Realm, input: JsonObject): Promise<JsonObject> {
  const instance = launchOne(realm, text(input['group']) ?? '');
  const roleName = text(input['roleName']);
  const metadata = await startMetadataService(realm, instance.id, roleName === undefined ? {} : { roleName });
  return { instanceId: instance.id, metadata: metadata.url, state: instance.state };
}
