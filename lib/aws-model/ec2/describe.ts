import type { EC2 } from '@aws-sdk/client-ec2';
import type { Context, Handlers } from '../context.ts';
import type { InstanceStatus } from '../ec2-types.ts';
import { invalidParameter, parameterCombination } from '../faults.ts';
import { BATCH } from '../limits.ts';
import { offsetOf, paginate, tokenOf } from '../pages.ts';
import { fieldFilter, machineFilter } from './filters.ts';
import { needMachines } from './machines.ts';
import type { Machine, SubnetState } from './state.ts';
import { freeAddresses, needSubnet } from './supply.ts';
import { checksOf, reservationsOf, stateOf } from './views.ts';

interface Query {
  readonly InstanceIds?: readonly string[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export const describeCalls = {
  describeInstances(context, input) {
    const { items, ...page } = machinePage(context, input, machineFilter(input.Filters));
    return { Reservations: reservationsOf(context, items), ...page };
  },

  describeInstanceStatus(context, input) {
    const passes = machineFilter(input.Filters);
    // Without IncludeAllInstances only running ones are told.
    const shown = (machine: Machine) =>
      passes(machine) && (input.IncludeAllInstances === true || machine.state === 'running');
    const { items, ...page } = machinePage(context, input, shown);
    return { InstanceStatuses: items.map((machine) => statusOf(machine)), ...page };
  },

  describeSubnets(context, { SubnetIds, Filters, MaxResults, NextToken }) {
    const all = SubnetIds?.map((id) => needSubnet(context, id)) ?? [...context.state.ec2.subnets.values()];
    const passes = fieldFilter<SubnetState>(
      {
        'subnet-id': ({ id }) => id,
        'vpc-id': ({ vpc }) => vpc,
        'availability-zone': ({ zone }) => zone,
        'cidr-block': ({ cidr }) => cidr,
      },
      Filters,
    );
    const { items, ...page } = paginate(all.filter(passes), NextToken, MaxResults ?? BATCH.describeInstances);
    const Subnets = items.map((subnet) => ({
      SubnetId: subnet.id,
      AvailabilityZone: subnet.zone,
      VpcId: subnet.vpc,
      CidrBlock: subnet.cidr,
      AvailableIpAddressCount: freeAddresses(subnet),
    }));
    return { Subnets, ...page };
  },
} satisfies Handlers<EC2>;

/** A page goes by the order of launches, so that what comes and goes between two pages neither repeats nor hides others. */
function machinePage(
  context: Context,
  { InstanceIds, MaxResults, NextToken }: Query,
  shown: (machine: Machine) => boolean,
): { readonly items: readonly Machine[]; readonly NextToken?: string } {
  const { machines } = context.state.ec2;
  if (InstanceIds !== undefined && InstanceIds.length > 0) {
    if (MaxResults !== undefined)
      throw parameterCombination('The parameter instancesSet cannot be used with the parameter maxResults');
    return { items: needMachines(context, [...new Set(InstanceIds)]).filter(shown) };
  }
  if (MaxResults !== undefined && (MaxResults < 5 || MaxResults > BATCH.describeInstances))
    throw invalidParameter(
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and ${BATCH.describeInstances}.`,
    );
  const from = NextToken === undefined ? 0 : offsetOf(NextToken);
  const items: Machine[] = [];
  for (const machine of machines.values()) {
    if (machine.sequence <= from || machine.visibleAt > context.state.now || !shown(machine)) continue;
    const last = items.at(-1);
    if (items.length === (MaxResults ?? BATCH.describeInstances) && last !== undefined)
      return { items, NextToken: tokenOf(last.sequence) };
    items.push(machine);
  }
  return { items };
}

function statusOf(machine: Machine): InstanceStatus {
  const checks = checksOf(machine);
  return {
    InstanceId: machine.id,
    AvailabilityZone: machine.zone,
    InstanceState: stateOf(machine.state),
    InstanceStatus: { Status: checks.instance },
    SystemStatus: { Status: checks.system },
    Events: [],
  };
}
