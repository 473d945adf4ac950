/** What may be made in a project, or what an environment needs of it: numbers of things, and amounts. */
export interface ProjectQuotas {
  readonly instances: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly serverGroups: number;
  /** Servers of the largest server group. */
  readonly serverGroupMembers: number;
  readonly volumes: number;
  readonly volumeGiB: number;
  readonly networks: number;
  readonly subnets: number;
  readonly routers: number;
  readonly ports: number;
  readonly floatingAddresses: number;
  readonly securityGroups: number;
  readonly securityGroupRules: number;
  readonly loadBalancers: number;
  /** Servers behind load balancers, all together. */
  readonly members: number;
}

/**
 * Quotas over a need, each rounded up. What is needed not at all stays at zero: whoever wants it asks in a pull request.
 * @param headroomPercent how far quotas exceed the need, in percent
 */
export function withHeadroom(need: ProjectQuotas, headroomPercent: number): ProjectQuotas {
  const raise = (amount: number) => Math.ceil((amount * (100 + headroomPercent)) / 100);
  const raised = Object.entries<number>({ ...need }).map(([name, amount]) => [name, raise(amount)]);
  return Object.fromEntries(raised) as Record<keyof ProjectQuotas, number>;
}
