import { optionalText, toggle } from '../../flags.ts';

/** Which lab, and where it is. */
export const labFlags = {
  ha: toggle('Use three controllers in network namespaces, for `tandem cloud drill`; may run beside the other labs'),
  aws: toggle('Use the local AWS emulator instead of OpenStack; needs no root'),
  directory: optionalText(
    'Folder of the lab; default: /var/lib/tandem-lab, /var/lib/tandem-lab-ha with --ha, or .tandem/lab-aws in the project with --aws',
    'DIR',
  ),
};
