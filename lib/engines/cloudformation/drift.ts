import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  type DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type PropertyDifference,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { AttributeChange, Change } from '../../plan/model.ts';
import { sortChanges } from './change-set-plan.ts';
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
  let token: string | undefined;
  do {
    const page = await client.send(
      new DescribeStackResourceDriftsCommand({
        StackName: stack,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    drifts.push(...(page.StackResourceDrifts ?? []));
    token = page.NextToken;
  } while (token !== undefined);
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
    afterUnknown: false,
    sensitive: false,
    forcesReplacement: false,
  };
}
