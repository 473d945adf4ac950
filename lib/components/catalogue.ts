import { type CataloguedRule, error } from '../config/rules/catalogue.ts';

/** Every code that the checks of components give: what must hold of the software of a tier, wherever its blueprint is leased. */
export const COMPONENT_RULES: Readonly<Record<string, CataloguedRule>> = {
  'unknown-component': error('Every component that a tier runs is one of Tandem or of the project.'),
  'unknown-tier-in-settings': error('Every tier that the settings of a component name exists in the blueprint.'),
  'even-members': error('Programs that decide by majority have an odd number of members.'),
  'zone-holds-majority': error(
    'No zone holds so many members of a tier that the others cannot go on without it, unless the tier says `survives: server`.',
  ),
  'no-boot-secrets': error('A cloud where components need secrets says how servers get them at their boot.'),
  'replication-above-nodes': error('No program keeps more copies than it has members.'),
  'single-member': error('Programs that know of no others run on one server.'),
  'no-workers': error('The tier that an AWS endpoint takes for its workers runs them.'),
  'no-endpoint': error('The tier that workers take for their AWS endpoint runs one.'),
  'other-region': error('Workers are in the AWS Region that their endpoint says to be.'),
  'replication-above-zones': error('No program that keeps copies in different zones keeps more than there are zones.'),
  'replication-loses-zone': error(
    'No zone of three or more holds so many copies that the majority of them is lost with it.',
  ),
  'too-many-members': error('No replica set has more members than its program takes.'),
  'nothing-to-run': error('A service of the project names either a jar or a command, which its servers run.'),
  'heap-above-flavor': error('The heap of a Java program fits into the memory of its flavor.'),
  'memory-above-flavor': error('What a program keeps in memory fits into its flavor, with room for the rest of it.'),
  'component-missing': error('Every program runs beside those that it asks on the same server.'),
  'component-twice': error('No server runs two components that are one program.'),
  'component-not-there': error('Every tier that a component is told to ask runs the program that answers it.'),
  'zones-missing': error('Every pair of name servers holds a zone.'),
  'one-primary': error('One name server alone takes the updates of a zone.'),
  'lock-shorter-than-tries': error('Who leads by a lock can try twice to renew it before it is over.'),
};
