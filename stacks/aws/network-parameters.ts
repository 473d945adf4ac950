/** SSM parameters by which a network tells others what it made; see docs/decisions/0018-stacks-meet-in-parameters.md. */
export function networkParameters(prefix: string) {
  const name = (what: string) => `/tandem/${prefix}/network/${what}`;
  return {
    vpcId: name('vpc-id'),
    privateSubnetIds: name('private-subnet-ids'),
    privateRouteTableIds: name('private-route-table-ids'),
  };
}
