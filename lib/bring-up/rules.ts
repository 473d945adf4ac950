import { error } from '../config/rules/catalogue.ts';

/** Every code that components and their checks give: what must hold of the software of a tier, wherever its blueprint is leased. */
export const COMPONENT_RULES = {
  'unknown-component': error('Every component that a tier runs is one of Tandem or of the project.'),
  'component-not-there': error('A tier that a component names as that of its servers runs these.'),
  'no-discovery': error(
    'What asks for the discovery of a link is in a blueprint that asks for the link, on clouds whose link has it.',
  ),
  'component-twice': error('No server runs an agent beside servers that are agents themselves.'),
  'even-members': error('Programs that decide by majority have an odd number of members.'),
  'too-many-members': error('No cluster has more members than its program takes.'),
  'single-member': error('What cannot be told to others has one server.'),
  'zone-holds-majority': error(
    'No zone holds so many members of a tier that the others cannot go on without it, unless the tier says `survives: server`.',
  ),
  'replication-above-nodes': error('No program keeps more copies than it has members.'),
  'replication-above-zones': error(
    'No program that keeps one copy a zone is asked for more copies than there are zones.',
  ),
  'replication-loses-zone': error('The copies that are left without any one zone are enough for writes.'),
  'heap-above-flavor': error('The heap of a Java program fits into the memory of its flavor.'),
  'memory-above-flavor': error('What a program keeps in memory fits into the memory of its flavor.'),
  'flavor-below-component': error('A flavor has the memory that the component asks for.'),
  'proxy-idle': error('A proxy has a service.'),
  'proxy-port-twice': error('Each port of a proxy belongs to one service.'),
  'release-unchecked': error('An archive of a program comes with its checksum.'),
  'field-twice': error('Each field and attribute of a search index has a name of its own.'),
  'zones-missing': error('A pair of name servers holds a zone.'),
  'wan-without-trust': error('Data centres that are joined have one gossip key and one authority.'),
  'component-missing': error('A component that needs another one on its own server has it there.'),
  'lock-shorter-than-tries': error('A lock outlives the tries of whoever holds it.'),
  'nothing-to-run': error('A service says what it runs: a jar or a command.'),
  'no-boot-secrets': error('A cloud hands out secrets where what is leased on it needs any.'),
  'other-region': error('Workers and their endpoint are of one Region.'),
} as const;

export type ComponentRule = keyof typeof COMPONENT_RULES;
