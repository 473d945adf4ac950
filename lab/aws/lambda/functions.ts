import type { MetricDatum } from '../../../lib/aws-model/cloudwatch-types.ts';
import { AwsError } from '../aws-error.ts';
import { iamStore } from '../iam/store.ts';
import { isObject, type JsonObject, text } from '../json.ts';
import { modelOf } from '../model/model.ts';
import { readObject } from '../s3/store.ts';
import type { Realm, StoreKey } from '../world.ts';
import { FunctionProcess } from './process.ts';

/** Keys of a function's role live as long as those of a session may. */
const SESSION_SECONDS = 43_200;

interface LabFunction {
  readonly properties: JsonObject;
  readonly archive: Buffer;
  /** Started with the first event, and again with one after its keys or its settings are old. */
  process: FunctionProcess | undefined;
  keysUntil: number;
  isRunning: boolean;
  log: string;
}

const KEY: StoreKey<Map<string, LabFunction>> = { name: 'lambda', create: () => new Map<string, LabFunction>() };

/** Makes a function, or changes one. @throws AwsError where its archive or its role is not there */
export function putFunction(realm: Realm, name: string, properties: JsonObject): void {
  const code = isObject(properties['Code']) ? properties['Code'] : {};
  const object = readObject(realm.world, text(code['S3Bucket']) ?? '', text(code['S3Key']) ?? '');
  if (object === undefined)
    throw new AwsError(
      'InvalidParameterValueException',
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    );
  roleOf(realm, properties);
  removeFunction(realm, name);
  realm.store(KEY).set(name, {
    ...{ properties, archive: object.body, process: undefined, keysUntil: 0, isRunning: false, log: '' },
  });
}

export function removeFunction(realm: Realm, name: string): void {
  const functions = realm.store(KEY);
  functions.get(name)?.process?.close();
  functions.delete(name);
}

/** What a function wrote, all of it. */
export function logOf(realm: Realm, name: string): string {
  return realm.store(KEY).get(name)?.log ?? '';
}

/**
 * Runs an event, as an asynchronous invocation without retries, and tells CloudWatch of it. A function that runs already is throttled: the lab reserves one
 * concurrent run for each.
 */
export async function invoke(realm: Realm, name: string, event: JsonObject): Promise<void> {
  const found = realm.store(KEY).get(name);
  if (found === undefined) return;
  const begun = realm.world.clock.now();
  if (found.isRunning) {
    tell(realm, name, { Throttles: 1 }, begun);
    return;
  }
  found.isRunning = true;
  const running = processOf(realm, name, found);
  const failure = await running.run(event, 1000 * Number(text(found.properties['Timeout']) ?? 3));
  found.log += running.takeOutput();
  found.isRunning = false;
  if (failure !== undefined) found.log += `${failure}\n`;
  if (!running.isUsable) {
    running.close();
    found.process = undefined;
  }
  tell(realm, name, { Invocations: 1, Errors: failure === undefined ? 0 : 1 }, begun);
}

function processOf(realm: Realm, name: string, found: LabFunction): FunctionProcess {
  const { world } = realm;
  if (found.process !== undefined && world.clock.now() < found.keysUntil) return found.process;
  found.process?.close();
  const role = roleOf(realm, found.properties);
  const keys = world.newSession(realm.account, role, name, SESSION_SECONDS);
  const environment = isObject(found.properties['Environment']) ? found.properties['Environment'] : {};
  const variables = isObject(environment['Variables']) ? environment['Variables'] : {};
  found.keysUntil = world.clock.now() + (SESSION_SECONDS - 900) * 1000;
  found.process = new FunctionProcess(world.clock, {
    archive: found.archive,
    handler: text(found.properties['Handler']) ?? '',
    environment: {
      ...Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, text(value) ?? ''])),
      AWS_REGION: realm.region,
      AWS_ACCESS_KEY_ID: keys.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
      AWS_SESSION_TOKEN: keys.SessionToken,
      AWS_ENDPOINT_URL: world.origin,
      AWS_LAMBDA_FUNCTION_NAME: name,
    },
  });
  const { process } = found;
  world.onClose(() => {
    process.close();
    return Promise.resolve();
  });
  return process;
}

function roleOf(realm: Realm, properties: JsonObject) {
  const arn = text(properties['Role']) ?? '';
  const role = [...iamStore(realm.world, realm.account).roles.values()].find((each) => each.arn === arn);
  if (role === undefined)
    throw new AwsError('InvalidParameterValueException', `The role defined for the function cannot be found: ${arn}`);
  return role;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html: of the moment at which the function was started. */
function tell(realm: Realm, name: string, series: Readonly<Record<string, number>>, Timestamp: number): void {
  const Dimensions = [{ Name: 'FunctionName', Value: name }];
  const MetricData = Object.entries(series).map(
    ([MetricName, Value]): MetricDatum => ({ MetricName, Dimensions, Value, Timestamp }),
  );
  modelOf(realm).cloudwatch.putMetricData({ Namespace: 'AWS/Lambda', MetricData });
}
