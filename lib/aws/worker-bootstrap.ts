import { FAILED_UNIT, WORKER_UNIT } from './worker-units.ts';

/** What an instance needs to know to find everything else. Short and stable: what changes often is in the parameter. */
export interface WorkerBootstrapProps {
  /** SSM parameter that says what the worker does and which agent does it; read at each start of the worker. */
  readonly parameterName: string;
  readonly region: string;
}

/**
 * Before each start of the worker: reads the parameter, and fetches the agent it names unless it is there. So a new agent or
 * command needs a restart of the process, not of 500 instances. What the network refuses is tried again, for as long as systemd waits.
 * Node.js comes with the image, or else from the bucket of the agent (`tandem-node/v24/linux-arm64.gz` or `linux-x64.gz`); only where
 * neither has it, a package is installed, which takes longer than all the rest.
 */
const FETCH = `#!/bin/bash
set -euo pipefail
. /etc/tandem/worker.env
again() {
  local pause=1
  until "$@"; do
    echo "again in $pause s: $*" >&2
    sleep "$pause"
    pause=$((pause < 30 ? pause * 2 : 30))
  done
}
read_parameter() {
  aws ssm get-parameter --region "$TANDEM_REGION" --name "$TANDEM_PARAMETER" \\
    --query Parameter.Value --output text > /run/tandem/worker.json.new
}
agent_of() {
  /usr/bin/python3 -c 'import json, sys; agent = json.load(open(sys.argv[1]))["agent"]; print(agent["bucket"], agent["key"])' "$1"
}
fetch() {
  aws s3 cp --region "$TANDEM_REGION" --only-show-errors "s3://$1/$2" "$3.new"
}
node_of() {
  local own
  if own=$(command -v node); then
    ln -sfn "$own" /opt/tandem/bin/node
    return
  fi
  local machine=x64
  if [ "$(uname -m)" = aarch64 ]; then machine=arm64; fi
  if ! fetch "$1" "tandem-node/v24/linux-$machine.gz" /opt/tandem/bin/node.gz; then
    echo "neither the image nor s3://$1/tandem-node has Node.js: installing it" >&2
    dnf install --assumeyes --quiet nodejs24 && ln -sfn "$(command -v node)" /opt/tandem/bin/node
    return
  fi
  gzip -dc /opt/tandem/bin/node.gz.new > /opt/tandem/bin/node.new
  rm /opt/tandem/bin/node.gz.new
  chmod 0755 /opt/tandem/bin/node.new
  mv /opt/tandem/bin/node.new /opt/tandem/bin/node
}
install -d -m 0755 /opt/tandem/agents /opt/tandem/bin
again read_parameter
where=$(agent_of /run/tandem/worker.json.new)
read -r bucket key <<< "$where"
agent=/opt/tandem/agents/$(basename "$key")
if [ ! -x /opt/tandem/bin/node ]; then again node_of "$bucket"; fi
if [ ! -s "$agent" ]; then
  again fetch "$bucket" "$key" "$agent"
  chmod 0644 "$agent.new"
  mv "$agent.new" "$agent"
fi
ln -sfn "$agent" /opt/tandem/worker-agent.mjs
chmod 0644 /run/tandem/worker.json.new
mv /run/tandem/worker.json.new /run/tandem/worker.json
`;

/** The agent tells everybody; where it does not run itself, the instance is at least called unhealthy. */
const GIVE_UP = `#!/bin/bash
set -uo pipefail
/opt/tandem/bin/node /opt/tandem/worker-agent.mjs give-up /run/tandem/worker.json && exit 0
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

/** User data: the same bytes for the same props; no secret, and nothing that changes with a version. */
export function workerBootstrap({ parameterName, region }: WorkerBootstrapProps): string {
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    'id tandem >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin tandem',
    'install -d -m 0755 /etc/tandem /opt/tandem /opt/tandem/jobs',
    file('/etc/tandem/worker.env', `TANDEM_REGION=${region}\nTANDEM_PARAMETER=${parameterName}\n`),
    file('/opt/tandem/fetch', FETCH),
    file('/opt/tandem/give-up', GIVE_UP),
    file('/opt/tandem/jobs/word-statistics', WORD_STATISTICS),
    'chmod 0755 /opt/tandem/fetch /opt/tandem/give-up /opt/tandem/jobs/word-statistics',
    file('/etc/systemd/system/tandem-worker.service', WORKER_UNIT),
    file('/etc/systemd/system/tandem-worker-failed.service', FAILED_UNIT),
    file('/etc/logrotate.d/tandem', LOG_ROTATION),
    'systemctl daemon-reload',
    'systemctl enable --now --no-block tandem-worker.service',
    '',
  ].join('\n');
}

/** A quoted here-document: nothing in the content is expanded. */
function file(path: string, content: string): string {
  return `cat > ${path} <<'END_OF_FILE'\n${content}END_OF_FILE`;
}
