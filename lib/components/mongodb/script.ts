import { peers, value } from '../../bring-up/template.ts';
import { MEMBERS_IN_SHELL } from './replica-set.ts';

/** With the password of the administrator, for root alone. */
export const ADMINISTRATOR = '/etc/mongodb-administrator';

/**
 * Makes the replica set what the lease says, by the first member: run again and again, it does what is missing. Members come and go one
 * at a time, since two majorities of sets that differ by one have a member in common.
 */
export function replicaSetScript(tier: string, replicaSet: string, zones: number): string {
  return `// Makes the replica set what the lease says. Run by mongosh, without an address.
const hosts = [${peers(tier, { separator: ', ', item: "'{name}:27017'" })}];
const password = require('fs').readFileSync('${ADMINISTRATOR}', 'utf8').trim();

${MEMBERS_IN_SHELL}

const wanted = replicaSetMembers(hosts, ${Math.max(1, zones)});
const own = connect('mongodb://127.0.0.1:27017/?directConnection=true').getSiblingDB('admin');

function attempt(action) {
  try {
    return action();
  } catch (error) {
    return { ok: 0, codeName: error.codeName };
  }
}

function untilTrue(what, condition) {
  for (let second = 0; second < 120; second++) {
    if (condition()) return;
    sleep(1000);
  }
  print('gave up waiting until ' + what);
  quit(1);
}

// Before there is a user, the first may be made from the server itself.
const authenticated = () => attempt(() => own.auth('administrator', password)).ok === 1;
if (!authenticated() && attempt(() => own.runCommand({ replSetGetStatus: 1 })).codeName === 'NotYetInitialized') {
  const config = { _id: '${replicaSet}', members: wanted.slice(0, 1), settings: { electionTimeoutMillis: ${value('electionTimeoutMillis')} } };
  own.runCommand({ replSetInitiate: config });
}
if (!authenticated()) {
  untilTrue('this member is the primary', () => own.hello().isWritablePrimary);
  own.createUser({ user: 'administrator', pwd: password, roles: ['root'] });
  untilTrue('the administrator is let in', authenticated);
}

const primary = connect(
  'mongodb://administrator:' + encodeURIComponent(password) + '@' + hosts.join(',') + '/admin?replicaSet=${replicaSet}&w=majority',
);
primary.adminCommand({ setDefaultRWConcern: 1, defaultWriteConcern: { w: 'majority', wtimeout: 0 }, defaultReadConcern: { level: 'majority' } });

const same = (one, other) => one.votes === other.votes && one.priority === other.priority;
for (;;) {
  const config = primary.adminCommand({ replSetGetConfig: 1 }).config;
  const of = (host) => config.members.find((member) => member.host === host);
  const gone = config.members.find((member) => !hosts.includes(member.host));
  const missing = wanted.find((member) => of(member.host) === undefined);
  const changed = wanted.find((member) => of(member.host) !== undefined && !same(of(member.host), member));
  const settings = { ...config.settings, electionTimeoutMillis: ${value('electionTimeoutMillis')} };
  if (gone) config.members = config.members.filter((member) => member !== gone);
  else if (missing) config.members.push({ ...missing, _id: 1 + Math.max(...config.members.map((member) => member._id)) });
  else if (changed) Object.assign(of(changed.host), { votes: changed.votes, priority: changed.priority });
  else if (config.settings.electionTimeoutMillis === settings.electionTimeoutMillis) break;
  config.settings = settings;
  config.version += 1;
  // The primary takes the next change when a majority has this one; until then it says so, and is asked again.
  untilTrue('the set has changed', () => attempt(() => primary.adminCommand({ replSetReconfig: config })).ok === 1);
}
`;
}
