export interface Acknowledgement {
  readonly rule: RegExp;
  /** Path of the construct, from the stack's name on. */
  readonly path: RegExp;
  readonly reason: string;
}

/**
 * What cdk-nag and the schemas' validator find, and why it stays. One that meets nothing fails the test, and so does a finding
 * without one.
 */
export const acknowledged: readonly Acknowledgement[] = [
  {
    rule: /^W3010$/,
    path: /^aws-\w+-(?:network\/Network\/(?:Private[A-Z]|Egress\/Public[A-Z])|link\/Discovery\/Server\d)$/,
    reason:
      'Zones are chosen in the configuration, with the Region: a lookup would make the template depend on the account that synthesizes it.',
  },
  {
    rule: /^AwsSolutions-S1$/,
    path: /Results\/Bucket\/Resource$/,
    reason:
      'Server access logs are best effort and would double the objects written; who did what is in CloudTrail, which an organisation sets up once for all buckets.',
  },
  {
    rule: /^AwsSolutions-DDB3$/,
    path: /(?:Heartbeats|JobsTable)\/Table\/Resource$/,
    reason:
      'What a heartbeat says is over after 45 seconds, and of a job the queue and its result are the truth: there is nothing to recover.',
  },
  {
    rule: /^AwsSolutions-AS3$/,
    path: /Fleet\/Group$/,
    reason:
      'Every launch and termination goes to a log group by EventBridge instead, where it can be searched and is counted.',
  },
  {
    rule: /^AwsSolutions-AS3$/,
    path: /Discovery\/Server\d$/,
    reason: 'A server that is away raises an alarm of the link, whoever ended it.',
  },
  {
    rule: /^AwsSolutions-EC26$/,
    path: /Fleet\/Group$/,
    reason:
      'The rule cannot read a launch template behind a mixed policy and throws; "has an encrypted gp3 volume" tests what it asks.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:ec2:[^:]+:\d+:instance\/\*\]$/,
    path: /(?:Fleet\/Access|Discovery)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'An instance registers itself with Systems Manager; its id exists only after the launch.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /(?:Fleet\/Access|Discovery)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'ssmmessages has no resources, and neither has cloudwatch:PutMetricData, which a condition holds to one namespace; a test lists the actions.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /Scaler\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'autoscaling:DescribeAutoScalingGroups and cloudwatch:GetMetricData have no resources; a test lists the actions.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:aws:autoscaling:[^:]+:\d+:autoScalingGroup:\*:autoScalingGroupName\/[\w-]+\]$/,
    path: /(?:Fleet\/Access|Scaler)\/Role\/DefaultPolicy\/Resource$/,
    reason: "The wildcard is the group's UUID, unknown before it exists; the name after it is exact.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<ClusterResultsBucket[0-9A-F]+\.Arn>\/(?:jobs|documents|results)\/\*\]$/,
    path: /(?:Fleet\/Access\/Role\/DefaultPolicy|Producer\/Policy)\/Resource$/,
    reason: 'Bodies of jobs, documents and results are objects below one prefix each.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<ClusterJobsTable[0-9A-F]+\.Arn>\/index\/\*\]$/,
    path: /Producer\/Policy\/Resource$/,
    reason: 'The indexes of the table of jobs, which has one.',
  },
];
