import { notInLab, validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { isObject, listOf, member, strings, text } from '../json.ts';
import { readObject } from '../s3/store.ts';
import type { CallContext } from '../service.ts';
import type { Realm } from '../world.ts';
import { evaluateConditions } from './evaluate.ts';
import { parameterValues } from './parameters.ts';
import { scopeOf } from './scope.ts';
import { findStack, type Stack, type Tags, type Target } from './stack.ts';
import { LIMITS, parseTemplate, type Template } from './template.ts';
import { requireCapabilities, validateTemplate } from './validate.ts';

export function need(input: JsonObject, name: string): string {
  const found = text(input[name]);
  if (found !== undefined && found !== '') return found;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function needStack(realm: Realm, nameOrId: string): Stack {
  const found = findStack(realm, nameOrId);
  if (found === undefined) throw validationError(`Stack [${nameOrId}] does not exist`);
  return found;
}

/** The template's text: in the body, behind an S3 URL, or the stack's own. */
export function templateText(input: JsonObject, context: CallContext, stack: Stack | undefined): string {
  const body = text(input['TemplateBody']);
  const url = text(input['TemplateURL']);
  if (body !== undefined) {
    if (Buffer.byteLength(body) > LIMITS.bodyBytes) {
      throw validationError(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LIMITS.bodyBytes}`,
      );
    }
    return body;
  }
  if (url !== undefined) return fromUrl(url, context);
  if (text(input['UsePreviousTemplate']) === 'true' && stack?.current !== undefined) return stack.current.template.text;
  throw validationError('Either Template URL or Template Body must be specified.');
}

/** `https://BUCKET.s3.REGION.amazonaws.com/KEY`, the path-style form of it, or the endpoint's own. */
function fromUrl(url: string, context: CallContext): string {
  const parsed = new URL(url);
  const path = decodeURIComponent(parsed.pathname).slice(1);
  const host = /^(?:(.+)\.)?s3[.-][^/]*amazonaws\.com$/.exec(parsed.hostname);
  const here = ['127.0.0.1', 'localhost'].includes(parsed.hostname);
  if (host === null && !here)
    throw validationError('S3 error: Domain name specified in ' + parsed.hostname + ' is not a valid S3 domain');
  const bucket = host?.[1] ?? path.split('/', 1)[0] ?? '';
  const key = host?.[1] === undefined ? path.slice(bucket.length + 1) : path;
  const found = readObject(context.world, bucket, key);
  if (found === undefined) throw validationError('S3 error: The specified key does not exist.');
  if (found.body.length > LIMITS.urlBytes)
    throw validationError(`Template may not exceed ${LIMITS.urlBytes} bytes in size.`);
  return found.body.toString('utf8');
}

function tagsOf(input: JsonObject): Tags {
  const entries = listOf(input['Tags'])
    .filter(isObject)
    .map((tag) => [text(tag['Key']) ?? '', text(tag['Value']) ?? ''] as const);
  if (entries.length > 50) throw validationError('Number of tags exceeds the maximum of 50');
  const reserved = entries.find(([key]) => key.startsWith('aws:'));
  if (reserved !== undefined) throw validationError(`aws: prefixed tag key names are not allowed for external use.`);
  return Object.fromEntries(entries);
}

/** Reads and judges everything that a create, an update or a change set is given. */
export function targetOf(
  input: JsonObject,
  context: CallContext,
  stack: Stack | undefined,
  id: { name: string; id: string },
): Target {
  const template = parseTemplate(templateText(input, context, stack));
  validateTemplate(template);
  requireCapabilities(template, strings(input['Capabilities']));
  const parameters = parameterValues(context.realm, template, listOf(input['Parameters']), stack?.current?.parameters);
  const tags = input['Tags'] === undefined ? (stack?.current?.tags ?? {}) : tagsOf(input);
  return { template, parameters, conditions: conditionsOf(context.realm, template, parameters, id), tags };
}

function conditionsOf(
  realm: Realm,
  template: Template,
  parameters: Target['parameters'],
  { name, id }: { name: string; id: string },
): ReadonlyMap<string, boolean> {
  const refuse = (): never => {
    throw validationError('Template error: conditions can only refer to parameters and mappings');
  };
  const view = { ref: refuse, getAtt: refuse };
  return evaluateConditions(template.conditions, (conditions) =>
    scopeOf({ realm, stackName: name, stackId: id, template, parameters, conditions, view }),
  );
}

const PAGE = 100;

/** One page of a list and the token for the next. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
): { items: readonly T[]; next: string | undefined } {
  const start = Number(token ?? 0);
  if (!Number.isInteger(start) || start < 0) throw validationError('NextToken is not valid');
  const next = start + PAGE < all.length ? String(start + PAGE) : undefined;
  return { items: all.slice(start, start + PAGE), next };
}

/** Whether a failure is to stay as it is; in the call itself, or in its DeploymentConfig. */
export function disablesRollback(call: string, input: JsonObject): boolean {
  const config = member(input, 'DeploymentConfig');
  const mode = text(config['Mode']) ?? 'STANDARD';
  if (mode !== 'STANDARD') throw notInLab(call, `DeploymentConfig.Mode ${mode}`);
  return text(input['DisableRollback'] ?? config['DisableRollback']) === 'true';
}
