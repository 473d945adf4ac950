/** In the order in which they are run. */
export const LINK_CASE_NAMES = [
  'gateway-dies',
  'gateway-returns',
  'end-dies',
  'end-dies-bfd',
  'far-side-dead',
  'end-forwards-nothing',
  'tunnel-passes-nothing',
  'tunnel-loses',
  'drain',
  'rotate',
  'upgrade',
  'too-big',
  'forwarder-down',
  'forwarder-down-aws',
  'both-off-12',
  'both-off-21',
  'both-off-both',
] as const;

export type LinkCaseName = (typeof LINK_CASE_NAMES)[number];
