/**
 * Names that AWS gives: those that the pinned aws-cdk-lib knows, which a test compares. Asked of the library itself, they would take a
 * second to load.
 */
const REGIONS = `
  af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
  ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
  cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-isoe-west-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1
  eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 us-east-1
  us-east-2 us-gov-east-1 us-gov-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1
  us-isof-south-1 us-west-1 us-west-2
`;

const FAMILIES = `
  a1 c3 c4 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex c8a c8g c8gd c8gn c8i
  c8i-flex d2 d3 d3en dl1 dl2q f1 f2 fpga1 fpga2 g3 g3s g4ad g4dn g5 g5g g6 g6e g7e gr6 h1 hpc6a hpc6id hpc7a hpc7g i3
  i3en i4g i4i i7i i7ie i8g i8ge im4gn inf1 inf2 is4gen m3 m4 m5 m5a m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id
  m6idn m6in m7a m7g m7gd m7i m7i-flex m8a m8g m8gd m8i m8i-flex m9g mac1 mac2 mac2-m1ultra mac2-m2 mac2-m2pro p2 p3
  p3dn p4d p4de p5 p5e p5en r3 r4 r5 r5a r5ad r5b r5d r5dn r5n r6a r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz
  r8a r8g r8gb r8gd r8gn r8i r8i-flex t2 t3 t3a t4g trn1 trn1n trn2 trn2u u-12tb1 u-18tb1 u-24tb1 u-3tb1 u-6tb1 u-9tb1
  u7i-12tb u7i-6tb u7i-8tb u7in-16tb u7in-24tb u7in-32tb u7inh-32tb vt1 x1 x1e x2g x2gd x2idn x2iedn x2iezn x8g z1d
`;

const SIZES = `
  nano micro small medium large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 9xlarge 10xlarge 12xlarge 16xlarge
  18xlarge 24xlarge 32xlarge 48xlarge 56xlarge 96xlarge 112xlarge 224xlarge 480xlarge metal metal-16xl metal-24xl
  metal-32xl metal-48xl
`;

export const AWS_REGIONS: ReadonlySet<string> = namesIn(REGIONS);
export const INSTANCE_FAMILIES: ReadonlySet<string> = namesIn(FAMILIES);
export const INSTANCE_SIZES: ReadonlySet<string> = namesIn(SIZES);

/** Whether there is such a family and such a size; not every family has every size. */
export function isInstanceType(type: string): boolean {
  const [family = '', size = '', ...others] = type.length > 64 ? [] : type.split('.');
  return others.length === 0 && INSTANCE_FAMILIES.has(family) && INSTANCE_SIZES.has(size);
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
