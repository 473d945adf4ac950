import { type Activity, DescribeScalingActivitiesCommand } from '@aws-sdk/client-auto-scaling';
import type { FleetClients } from '../../aws-api/fleet-clients.ts';
import type { LaunchFault } from '../cloud.ts';
import { launchFaultKind } from './faults.ts';

/** What one page has at most. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html */
const PAGE = 100;

/** The newest activities of a group, newest first. */
export async function recentActivities({ autoScaling }: FleetClients, group: string): Promise<readonly Activity[]> {
  const { Activities = [] } = await autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: PAGE }),
  );
  return Activities;
}

/** Launches that failed since a moment, newest first. Pure. */
export function launchFaultsOf(activities: readonly Activity[], since: number): LaunchFault[] {
  return activities.flatMap(({ Description = '', StatusCode, StatusMessage = '', StartTime, EndTime, Details }) => {
    const at = (EndTime ?? StartTime)?.getTime() ?? 0;
    if (at < since || !isLaunch(Description) || (StatusCode !== 'Failed' && StatusCode !== 'Cancelled')) return [];
    const zone = zoneIn(StatusMessage) ?? zoneIn(Details ?? '');
    return [
      { at, kind: launchFaultKind(StatusMessage), message: StatusMessage, ...(zone === undefined ? {} : { zone }) },
    ];
  });
}

/** From the launch until the launching hook was completed, which an agent does after its first heartbeat; in seconds. Pure. */
export function bootsOf(activities: readonly Activity[]): number[] {
  return activities.flatMap(({ Description = '', StatusCode, StartTime, EndTime }) =>
    StatusCode === 'Successful' && isLaunch(Description) && StartTime !== undefined && EndTime !== undefined
      ? [(EndTime.getTime() - StartTime.getTime()) / 1000]
      : [],
  );
}

/** `Launching a new EC2 instance: i-…`; one that comes out of the warm pool is begun with other words. */
function isLaunch(description: string): boolean {
  return description.startsWith('Launching a new EC2 instance') && !description.includes('warm pool');
}

function zoneIn(text: string): string | undefined {
  return /\b[a-z]{2}(?:-[a-z]+)+-\d[a-z]\b/.exec(text)?.[0];
}
