import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  type DescribeStackDriftDetectionStatusCommandOutput,
  DetectStackDriftCommand,
  type PropertyDifference,
  paginateDescribeStackResourceDrifts,
  type StackResourceDrift,
  type StackResourceDriftStatus,
} from '@aws-sdk/client-cloudformation';
import { PLAIN_ATTRIBUTE, sortChanges } from '../../plan/change.ts';
import type { AttributeChange, Change } from '../../plan/model.ts';
import { masked } from './mask.ts';
import type { TemplateFacts } from './template.ts';
import { valueOf } from './values.ts';

export interface Drift {
  readonly changes: readonly Change[];
  /** Why some resources could not be compared. */
  readonly reason: string | undefined;
}

/** Has CloudFormation compare a stack's resources with what it set. */
export async function detectDrift(
  client: CloudFormationClient,
  stack: string,
  facts: TemplateFacts,
  signal: AbortSignal,
): Promise<Drift> {
  const { StackDriftDetectionId: id } = await client.send(new DetectStackDriftCommand({ StackName: stack }), {
    abortSignal: signal,
  });
  let status: DescribeStackDriftDetectionStatusCommandOutput;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 4000)) {
    status = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }));
    if (status.DetectionStatus !== 'DETECTION_IN_PROGRESS') break;
    await sleep(pause, undefined, { signal });
  }
  const drifts: StackResourceDrift[] = [];
  const StackResourceDriftStatusFilters = ['MODIFIED', 'DELETED'] satisfies StackResourceDriftStatus[];
  const request = { StackName: stack, StackResourceDriftStatusFilters };
  for await (const { StackResourceDrifts = [] } of paginateDescribeStackResourceDrifts({ client }, request))
    drifts.push(...StackResourceDrifts);
  const failed = status.DetectionStatus === 'DETECTION_FAILED';
  return {
    changes: sortChanges(drifts.map((drift) => masked(toDrift(drift), facts))),
    reason: failed ? (status.DetectionStatusReason ?? 'drift of some resources could not be detected') : undefined,
  };
}

/** Pure. */
function toDrift(drift: StackResourceDrift): Change {
  const isGone = drift.StackResourceDriftStatus === 'DELETED';
  return {
    address: drift.LogicalResourceId ?? '',
    type: drift.ResourceType ?? '',
    action: isGone ? 'delete' : 'update',
    reasons: [],
    attributes: isGone ? [] : (drift.PropertyDifferences ?? []).map(toAttribute),
    source: null,
    noise: false,
    restarts: [],
    findings: [],
  };
}

function toAttribute({ PropertyPath: path = '', ExpectedValue, ActualValue }: PropertyDifference): AttributeChange {
  return {
    path: path.replace(/^\//, '').replaceAll('/', '.'),
    before: valueOf(ExpectedValue),
    after: valueOf(ActualValue),
    ...PLAIN_ATTRIBUTE,
  };
}
