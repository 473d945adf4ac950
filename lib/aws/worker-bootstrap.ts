/** What an instance needs to know to find everything else. Short and stable: what changes often is in the parameter. */
export interface WorkerBootstrapProps {
  /** SSM parameter that says what the worker does and which agent does it; read at each start of the worker. */
  readonly parameterName: string;
  readonly region: string;
  /** Log group that the worker's output goes to. */
  readonly logGroupName: string;
}

/** Node for the agent, from Amazon Linux's own packages; an image that has `node` already is not changed. */
const NODE_PACKAGE = 'nodejs24';

/**
 * Before each start of the worker: reads the parameter, and fetches the agent it names unless it is there. So a new agent or
 * command needs a restart of the process, not of 500 instances. systemd repeats it until it works.
 */
const FETCH = `#!/bin/bash
set -euo pipefail
. /etc/tandem/worker.env
command -v node >/dev/null || dnf install --assumeyes --quiet ${NODE_PACKAGE}
install -d -m 0755 /opt/tandem/agents
aws ssm get-parameter --region "$TANDEM_REGION" --name "$TANDEM_PARAMETER" \\
  --query Parameter.Value --output text > /run/tandem/worker.json.new
read -r bucket key < <(node -p 'const {agent} = JSON.parse(fs.readFileSync("/run/tandem/worker.json.new", "utf8")); agent.bucket + " " + agent.key')
agent=/opt/tandem/agents/$(basename "$key")
if [ ! -s "$agent" ]; then
  aws s3 cp --region "$TANDEM_REGION" --only-show-errors "s3://$bucket/$key" "$agent.new"
  chmod 0644 "$agent.new"
  mv "$agent.new" "$agent"
fi
ln -sfn "$agent" /opt/tandem/worker-agent.mjs
chmod 0644 /run/tandem/worker.json.new
mv /run/tandem/worker.json.new /run/tandem/worker.json
`;

/** The sample job that comes with the agent, as a command for the worker configuration. */
const WORD_STATISTICS = `#!/bin/sh
exec /usr/bin/node /opt/tandem/worker-agent.mjs job word-statistics
`;

/** Keeps the agent below 100 MB: it waits and calls, and no compiler makes that faster. */
const NODE_FLAGS = '--lite-mode --max-semi-space-size=1 --max-old-space-size=64';

/** The worker stops when its job is done: the terminating hook bounds how long that may take. */
const UNIT = `[Unit]
Description=Tandem worker
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
User=tandem
EnvironmentFile=/etc/tandem/worker.env
RuntimeDirectory=tandem
StateDirectory=tandem
LogsDirectory=tandem
WorkingDirectory=/var/lib/tandem
ExecStartPre=+/opt/tandem/fetch
ExecStart=/usr/bin/node ${NODE_FLAGS} /opt/tandem/worker-agent.mjs /run/tandem/worker.json
StandardOutput=append:/var/log/tandem/worker.log
StandardError=inherit
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStartSec=300
TimeoutStopSec=infinity
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=strict
ProtectHome=true

[Install]
WantedBy=multi-user.target
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
export function workerBootstrap({ parameterName, region, logGroupName }: WorkerBootstrapProps): string {
  const logs = {
    agent: { region },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            {
              file_path: '/var/log/tandem/worker.log',
              log_group_name: logGroupName,
              log_stream_name: '{instance_id}',
            },
          ],
        },
      },
    },
  };
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    'id tandem >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin tandem',
    'install -d -m 0755 /etc/tandem /opt/tandem /opt/tandem/jobs',
    file('/etc/tandem/worker.env', `TANDEM_REGION=${region}\nTANDEM_PARAMETER=${parameterName}\n`),
    file('/opt/tandem/fetch', FETCH),
    file('/opt/tandem/jobs/word-statistics', WORD_STATISTICS),
    'chmod 0755 /opt/tandem/fetch /opt/tandem/jobs/word-statistics',
    file('/etc/systemd/system/tandem-worker.service', UNIT),
    file('/etc/logrotate.d/tandem', LOG_ROTATION),
    file('/etc/tandem/logs.json', `${JSON.stringify(logs, null, 2)}\n`),
    'systemctl daemon-reload',
    'systemctl enable --now --no-block tandem-worker.service',
    '# Logs are wanted, but no reason to have no worker.',
    'rpm --quiet -q amazon-cloudwatch-agent || dnf install --assumeyes --quiet amazon-cloudwatch-agent || exit 0',
    '/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/tandem/logs.json',
    '',
  ].join('\n');
}

/** A quoted here-document: nothing in the content is expanded. */
function file(path: string, content: string): string {
  return `cat > ${path} <<'END_OF_FILE'\n${content}END_OF_FILE`;
}
