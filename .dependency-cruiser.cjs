/**
 * Which room may import from which. Dependencies point one way, downwards:
 *
 *   cli -> actions -> dev, fleet, deploy, link, simulate -> synthesis, engines -> openstack-api, aws-api -> state -> secrets
 *       -> review, forge -> plan, private-cloud, stacks -> components, bring-up -> openstack, aws -> stack -> config -> git -> net -> errors
 */

/** @param {...string} rooms */
const lib = (...rooms) => `^lib/(${rooms.join('|')})/`;

/** Node's own modules that reach outside the process. */
const ioModules = '^(node:)?(child_process|dgram|dns|fs|http|http2|https|net|tls)(/promises)?$';

/** From the top down. A room may import from its own layer and from those below. */
const layers = [
  {
    name: 'cli',
    path: lib('cli'),
    advice:
      'What others need of a command is not about the command line: move it to the action or the room whose work it is, and let the command call it.',
  },
  {
    name: 'actions',
    path: lib('actions'),
    advice:
      'What a verb does stands in lib/actions; what several verbs need of it belongs to the room that does the work.',
  },
  {
    name: 'operations',
    path: lib('dev', 'fleet', 'jobs', 'deploy', 'cloud-operations', 'link', 'simulate'),
    advice:
      'Rooms below decide or describe; acting on clouds starts here. Pass the result in, or move the pure part down to the room that needs it.',
  },
  {
    name: 'engines',
    path: lib('synthesis', 'engines'),
    advice:
      'Only operations and actions know engines. What a stack, a planner or a client needs belongs to lib/stack, or is passed in.',
  },
  {
    name: 'clients',
    path: lib('openstack-api', 'aws-api'),
    advice:
      'Only operations and engines talk to running clouds. Declare a small port where the answer is needed; the adapter stays with the clients.',
  },
  {
    name: 'stores',
    path: lib('state', 'programs'),
    advice:
      'Planners and constructs read no store: let the operation or the action read it and pass the value (a record, a reference) in.',
  },
  {
    name: 'secrets',
    path: lib('secrets', 'attestation'),
    advice:
      'A secret is opened without state: what both need (a lock among processes, an atomic write) belongs to lib/fs.',
  },
  {
    name: 'judges',
    path: lib('review', 'forge'),
    advice:
      'What a plan means (policies, impact, cost, approvals), and where people read it, is said after it is made: a planner below takes what it needs as a value.',
  },
  {
    name: 'planners',
    path: ['^lib/(plan|private-cloud|blueprints)/', '^stacks/(?!(?:aws|openstack)/main\\.ts$)'],
    advice:
      'Constructs and configuration know nothing of plans, invariants or stacks: take what is needed as a prop, or move the shared type to lib/stack.',
  },
  {
    name: 'components',
    path: lib('images', 'components', 'bring-up'),
    advice:
      'What runs on a server is known without a cloud: constructs, stacks and configuration take rendered files, user data and metadata as values.',
  },
  {
    name: 'constructs',
    path: lib('openstack', 'aws'),
    advice:
      'Configuration and the words of a stack know no construct: move the shared value to lib/stack (about artefacts) or lib/config (about what users write).',
  },
  {
    name: 'stack words',
    path: lib('stack'),
    advice: 'Configuration is read before there is a stack: what it needs of one belongs to lib/config.',
  },
  {
    name: 'configuration',
    path: lib('config'),
    advice:
      'Addresses stand on their own: pass plain values into lib/net, and keep what knows the schema in lib/config.',
  },
  {
    name: 'git',
    path: lib('git'),
    advice:
      'Addresses and errors are values; whoever needs history has a room above: let it ask git and pass the answer down.',
  },
  {
    name: 'model',
    path: lib('aws-model'),
    advice:
      'The model of AWS is pure and knows nothing of Tandem, so that the lab, tests and simulations can stand on it: take what it needs as an option.',
  },
  {
    name: 'values',
    path: lib('net', 'fs', 'text', 'processes'),
    advice: 'Errors are the floor: an error takes its facts as values.',
  },
  { name: 'errors', path: lib('errors'), advice: '' },
];

/** One rule a layer: nothing below it imports from it. */
const oneWay = layers.slice(0, -1).map((layer, index) => ({
  name: `only-down-from-${layer.name.replace(' ', '-')}`,
  comment: layer.advice,
  severity: 'error',
  from: { path: layers.slice(index + 1).flatMap((below) => below.path) },
  to: { path: layer.path },
}));

/**
 * The folders of lib/private-cloud, in rows from the top down, as its data flows. A folder imports from the rows below its own, and from
 * no neighbour. The comment says what belongs into the folder, and where else the offending code goes.
 */
const privateCloudRows = [
  {
    checks:
      'Loads a configuration with every rule, and has those that need to know what Kolla reads and runs. Other rules belong to rules/.',
    diagram: 'Draws what failure/ found. What a picture computes for others belongs to failure/ or topology/.',
    maintenance:
      'Decides which hosts may be out of service at once. What a failure would do as well belongs to failure/; draining, restarting and asking hosts, to lib/cloud-operations/maintenance.',
    status:
      'Compares what a live cloud says with its configuration, and knows in which shape hosts are asked. Asking belongs to lib/cloud-operations/status and to the adapters below it.',
    import:
      'Reads trees that others wrote, and makes a cloud of them that renders to the same meaning. What renders belongs to kolla/; reading files, to lib/actions/cloud/import.',
    drill: 'Predicts, plays and judges drills. Playing on a real target belongs to lib/cloud-operations/drill.',
  },
  {
    backup:
      'What is kept of a cloud and how it comes back, on paper. Files, keys and hosts belong to lib/cloud-operations/backup.',
    recovery:
      'Which member of a database that is off everywhere is the newest, and how all come back. Asking hosts and running the plan belong to lib/cloud-operations/recovery.',
    certificates:
      'What certificates a cloud shows, whether they fit and how new ones get to hosts. Reading files and running plans belong to lib/cloud-operations/certificates.',
  },
  {
    members:
      'Who belongs to what, and how members come and go: what the rooms above say of a live cloud is said in its words. Running a plan and asking hosts belong to lib/cloud-operations/members.',
  },
  {
    kolla:
      'Renders a cloud for Kolla-Ansible, and knows which services a value restarts: members/ and lib/engines/kolla start from that. What only the engine needs (processes, reading a tree back) belongs to lib/engines/kolla.',
  },
  {
    alerts:
      'Which alerts watch what rules and failures say. How Kolla takes them belongs to kolla/; what a failure does, to failure/.',
  },
  {
    rules:
      'Checks what must hold of a cloud. A number that a rule compares belongs to topology/ (hosts and services) or placement/ (servers of tenants), where failure/ finds it too.',
    failure:
      'Says what a failure does. What it has in common with a rule belongs to topology/ or placement/, below both.',
  },
  {
    placement:
      'Places the servers of leases on hosts and counts what is left. What a lease needs is counted in lib/config/demand.ts; rules and failures take the placement as an argument.',
  },
  {
    topology:
      'Hosts, racks, services and timers as the configuration says. What also needs leases, failures or Kolla belongs to a folder above.',
  },
];

const privateCloudRules = privateCloudRows.flatMap((row, at) =>
  Object.entries(row).map(([folder, comment]) => ({
    name: `private-cloud-${folder}`,
    comment,
    severity: 'error',
    from: { path: `^lib/private-cloud/${folder}/` },
    to: {
      path: '^lib/private-cloud/[^/]+/',
      pathNot: [folder, ...privateCloudRows.slice(at + 1).flatMap(Object.keys)].map(
        (each) => `^lib/private-cloud/${each}/`,
      ),
    },
  })),
);

module.exports = {
  forbidden: [
    ...oneWay,
    ...privateCloudRules,
    {
      name: 'every-folder-of-private-cloud-has-a-row',
      comment: 'Name this folder in `privateCloudRows`, above what it imports and below what imports it.',
      severity: 'error',
      from: {
        path: '^lib/private-cloud/[^/]+/',
        pathNot: privateCloudRows.flatMap(Object.keys).map((each) => `^lib/private-cloud/${each}/`),
      },
      to: {},
    },
    {
      name: 'every-room-has-a-layer',
      comment:
        'This room of lib/ is in no layer above: put it where what it imports is below it and what imports it is not.',
      severity: 'error',
      from: { path: '^lib/[^/]+/', pathNot: layers.flatMap((layer) => layer.path) },
      to: {},
    },
    {
      name: 'planners-do-no-io',
      comment:
        'A planner gets what it decides on. Reading files, running processes and asking networks belongs to an adapter, or to the command that calls the planner.',
      severity: 'error',
      from: { path: lib('plan', 'private-cloud', 'blueprints', 'components', 'bring-up', 'aws-model', 'net') },
      to: { path: [ioModules, lib('git')] },
    },
    {
      name: 'engines-by-their-plug-in',
      comment:
        'An engine is used through EnginePlugin and Engine alone: make what you need a member of either. Only what works on private clouds by Kolla-Ansible itself goes to its folder.',
      severity: 'error',
      from: {
        path: '^(lib|stacks)/',
        pathNot: [
          '^lib/engines/[^/]+/',
          '^stacks/[^/]+/main\\.ts$',
          '^lib/(actions|cli/commands)/cloud/',
          lib('cloud-operations'),
        ],
      },
      to: { path: '^lib/engines/[^/]+/', pathNot: '/plugin\\.ts$' },
    },
    {
      name: 'plug-ins-only-in-their-list',
      comment: 'Ask lib/engines/plugins.ts for the plug-in by the name that the stack carries.',
      severity: 'error',
      from: { path: '^(lib|stacks)/', pathNot: '^lib/engines/plugins\\.ts$' },
      to: { path: '^lib/engines/[^/]+/plugin\\.ts$' },
    },
    {
      name: 'engines-apart',
      comment: 'No engine knows another: what two of them need belongs to lib/engines itself.',
      severity: 'error',
      from: { path: '^lib/engines/([^/]+)/' },
      to: { path: '^lib/engines/[^/]+/', pathNot: '^lib/engines/$1/' },
    },
    {
      name: 'no-cycle',
      comment: 'Each of these needs the other to be understood: move what both use into a file of its own, below both.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { circular: true },
    },
    {
      name: 'nothing-imports-the-command-line',
      comment:
        'The command line is the top. What lab, a stack or a script needs of it belongs to the room below that does the work.',
      severity: 'error',
      // Documentation of the command line is made from it.
      from: { pathNot: ['^lib/cli/', '^bin/', '^test/', '^bench/', '^scripts/docs/commands\\.ts$'] },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'actions-print-nothing',
      comment:
        'An action tells its host (`io`) and gives back a result: what parses, colours or asks belongs to lib/cli, which renders that result.',
      severity: 'error',
      from: { path: '^lib/actions/' },
      to: { path: '(^|/)node_modules/(@stricli/core|picocolors|@clack/prompts)/' },
    },
    {
      name: 'lab-stands-alone',
      comment:
        "The lab is somebody's real cloud to the rest: take what it needs as an argument. Only lib/errors and the model of AWS are shared.",
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^(lib|stacks|bench)/', pathNot: '^lib/(errors|aws-model)/' },
    },
    {
      name: 'product-without-lab',
      comment:
        'The product runs where there is no lab. Only the actions of lab verbs start one; an adapter for any real cloud belongs to lib/openstack-api.',
      severity: 'error',
      from: { path: '^(lib|stacks|packages)/', pathNot: '^lib/actions/(lab|cloud|link)/' },
      to: { path: '^lab/' },
    },
    {
      name: 'packages-stand-alone',
      comment: 'A package could be published: move what it needs into it, or hand it in from outside.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: ['^(lib|stacks|lab|bench|scripts)/', '^packages/'], pathNot: '^packages/$1/' },
    },
    {
      name: 'scripts-need-nothing',
      comment:
        "These run on any Node before anything is installed: Node's own modules, bin/ and scripts/ only. What needs more is a command in lib/cli.",
      severity: 'error',
      from: { path: '^(scripts|bin)/.*\\.mjs$' },
      to: { pathNot: '^(scripts|bin)/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'environments-only-in-stacks',
      comment: 'A construct takes props. The stack in stacks/ reads the environment and passes them.',
      severity: 'error',
      from: { path: lib('openstack', 'aws') },
      to: { path: '^lib/config/(load|project)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-without-tests',
      comment: 'A fake that the product needs is an adapter: it belongs beside the real one in lib/.',
      severity: 'error',
      from: { path: '^(lib|stacks|lab|packages|scripts|bin)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere: mend the path, or add the package to package.json.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    includeOnly: ['^(lib|stacks|lab|packages|scripts|bin|bench|test|node_modules)/', ioModules],
    exclude: { path: '(^|/)(\\.generate-|cdk\\.out|cdktf\\.out)|^packages/[^/]+/lib/' },
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/lib/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
