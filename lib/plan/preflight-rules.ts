/** Rules of findings that a live plan has of the account itself, before anything is made: what AWS would refuse, or never reach. */
export const PREFLIGHT_RULES: Readonly<Record<string, string>> = {
  'aws-vcpu-quota':
    'the quota of vCPUs on demand is below what the fleet takes: refused at its minimum, shown at its maximum',
  'aws-spot-quota': 'the same for Spot instances',
  'aws-service-linked-role': 'the service-linked role of Auto Scaling, or of Spot, is not there',
  'aws-type-not-offered': 'an instance type is not offered in a zone of the fleet; refused where none is in any',
  'aws-subnet-addresses':
    'the subnets of a new fleet have fewer free addresses than instances: refused at its minimum, shown at its maximum',
  'aws-image-refused':
    'the image is not there, not available, for another architecture, or larger than the root volume',
  'aws-launch-refused': 'EC2 refuses a dry run of a launch; only asked where whoever deploys may launch instances',
  'aws-bucket-name-taken': 'somebody has a bucket of that name',
  'aws-queue-name-held': 'a queue of that name was deleted less than a minute ago',
  'aws-preflight-incomplete': 'something could not be asked, mostly for want of a permission',
};
