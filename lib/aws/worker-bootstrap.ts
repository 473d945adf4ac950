import { type BootFile, bootScript } from './boot-script.ts';
import { type ConsulNodeProps, consulFiles, consulStart, consulUser } from './consul-node.ts';
import { FAILED_UNIT, WORKER_UNIT } from './worker-units.ts';

/** What an instance needs to know to find everything else. Short and stable: what changes often is in the parameter. */
export interface WorkerBootstrapProps {
  /** SSM parameter that says what the worker does and which agent does it; read at each start of the worker. */
  readonly parameterName: string;
  readonly region: string;
  /** The agent of Consul beside it. Nothing of the worker waits for it, or ends with it.
   * @default - none */
  readonly consul?: ConsulNodeProps | undefined;
}

/**
 * Before each start of the worker: reads the parameter, and fetches the agent and the Node.js it names unless they are there. So a new agent
 * or command needs a restart of the process, not of 500 instances. What comes is held against its SHA-256. What the network refuses is tried
 * again, for as long as systemd waits; what AWS refuses for good ends the start, so that the unit fails, and says why.
 * Node.js comes with the image, or else from the bucket of the agent; only where neither has it and there is `dnf`, a package is installed,
 * which takes longer than all the rest. Nothing is written where the worker's user could have put a link.
 */
const FETCH = `#!/bin/bash
set -euo pipefail
. /etc/tandem/worker.env
config=/etc/tandem/worker.json
refusal='AccessDenied|Forbidden|[(]40[034][)]|NotFound|NoSuch|checksum|[a-z]Error: '
again() {
  local pause=1 refused=0 said
  until said=$("$@" 2>&1); do
    echo "again in $pause s: $*: $said" >&2
    if [[ $said =~ $refusal ]] && [ $((refused += 1)) = 5 ]; then
      echo "$*: $said" > /etc/tandem/why
      exit 1
    fi
    sleep "$pause"
    pause=$((pause < 30 ? pause * 2 : 30))
  done
}
read_parameter() {
  aws ssm get-parameter --region "$TANDEM_REGION" --name "$TANDEM_PARAMETER" \\
    --query Parameter.Value --output text > $config.new
}
words() {
  /usr/bin/python3 - $config.new > $config.words <<'END'
import json, sys
all = json.load(open(sys.argv[1]))
agent, node = all["agent"], all["node"]
print(agent["bucket"], agent["key"], agent["sha256"], node["key"], node["sha256"])
END
}
fetch() {
  aws s3 cp --region "$TANDEM_REGION" --only-show-errors "s3://$bucket/$1" "$3.new" || return
  if [[ $1 == *.gz ]]; then gzip -dc "$3.new" > "$3.plain" && mv "$3.plain" "$3.new" || return; fi
  if ! echo "$2  $3.new" | sha256sum --check --status; then
    echo "s3://$bucket/$1 has another checksum than $2"
    rm -f "$3.new"
    return 1
  fi
  chmod "$4" "$3.new" && mv "$3.new" "$3"
}
node_of() {
  local own
  if own=$(command -v node) && "$own" -e 'process.exit(+(parseInt(process.versions.node) < 24))'; then
    ln -sfn "$own" /opt/tandem/bin/node
  elif ! fetch "$node" "$node_sha256" /opt/tandem/bin/node 0755; then
    if ! command -v dnf > /dev/null; then echo "NotFound: no Node.js 24 in the image either, and no dnf"; return 1; fi
    echo "installing a package" >&2
    dnf install --assumeyes --quiet nodejs24 && ln -sfn "$(command -v node)" /opt/tandem/bin/node
  fi
}
install -d -m 0755 /opt/tandem/agents /opt/tandem/bin
again read_parameter
again words
read -r bucket key sha256 node node_sha256 < $config.words
agent=/opt/tandem/agents/$(basename "$key")
if [ ! -x /opt/tandem/bin/node ]; then again node_of; fi
if ! echo "$sha256  $agent" | sha256sum --check --status 2> /dev/null; then again fetch "$key" "$sha256" "$agent" 0644; fi
ln -sfn "$agent" /opt/tandem/worker-agent.mjs
chmod 0644 $config.new
mv $config.new $config
rm -f /etc/tandem/why
`;

/** The agent tells everybody; where it does not run itself, the instance is at least called unhealthy. */
const GIVE_UP = `#!/bin/bash
set -uo pipefail
config=/etc/tandem/worker.json
[ -s $config ] || config=$config.new
/opt/tandem/bin/node /opt/tandem/worker-agent.mjs give-up $config && exit 0
metadata=http://169.254.169.254/latest
token=$(curl -sf -X PUT -H 'x-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
id=$(curl -sf -H "x-aws-ec2-metadata-token: $token" "$metadata/meta-data/instance-id")
exec aws autoscaling set-instance-health --region "$TANDEM_REGION" --instance-id "$id" --health-status Unhealthy
`;

/** The sample job that comes with the agent, as a command for the worker configuration. */
const WORD_STATISTICS = `#!/bin/sh
exec /opt/tandem/bin/node /opt/tandem/worker-agent.mjs job word-statistics
`;

const LOG_ROTATION = `/var/log/tandem/*.log {
  size 50M
  rotate 3
  compress
  copytruncate
  missingok
}
`;

/** All that a machine needs to be a worker, besides what it fetches by itself: of any cluster the same but for the first. */
export function workerFiles({ parameterName, region }: WorkerBootstrapProps): readonly BootFile[] {
  return [
    { path: '/etc/tandem/worker.env', content: `TANDEM_REGION=${region}\nTANDEM_PARAMETER=${parameterName}\n` },
    { path: '/opt/tandem/fetch', content: FETCH, isProgram: true },
    { path: '/opt/tandem/give-up', content: GIVE_UP, isProgram: true },
    { path: '/opt/tandem/jobs/word-statistics', content: WORD_STATISTICS, isProgram: true },
    { path: '/etc/systemd/system/tandem-worker.service', content: WORKER_UNIT },
    { path: '/etc/systemd/system/tandem-worker-failed.service', content: FAILED_UNIT },
    { path: '/etc/logrotate.d/tandem', content: LOG_ROTATION },
  ];
}

/** User data: the same bytes for the same props; no secret, and nothing that changes with a version. */
export function workerBootstrap(props: WorkerBootstrapProps): string {
  const { consul } = props;
  return bootScript({
    before: [
      'id tandem >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin tandem',
      'install -d -m 0755 /etc/tandem /opt/tandem /opt/tandem/jobs /var/log/tandem',
      ...(consul === undefined ? [] : consulUser(consul)),
    ],
    files: [...workerFiles(props), ...(consul === undefined ? [] : consulFiles(consul))],
    after: [
      'systemctl enable --now --no-block tandem-worker.service',
      ...(consul === undefined ? [] : consulStart(consul)),
    ],
  });
}
