export interface TimerProps {
  readonly cloud: string;
  /** `HH:MM`, UTC. */
  readonly fullAt: string;
  /** 0: no incremental backups. */
  readonly incrementalHours: number;
  /** The project's folder. */
  readonly root: string;
  /** Who runs it: whoever may reach the hosts. */
  readonly user: string;
  /** What starts `tandem`: absolute paths. */
  readonly command: readonly string[];
}

export interface Unit {
  readonly name: string;
  readonly content: string;
}

/**
 * Units of systemd that take the backups on the deployment host: a service and a timer for each kind. One that is missed while the
 * machine is off runs when it is on again; one that meets an operation waits for it. Pure.
 */
export function timerUnits(props: TimerProps): Unit[] {
  const [hour = '', minute = ''] = props.fullAt.split(':');
  const full = unitsOf(props, 'full', hour, minute);
  if (props.incrementalHours === 0) return full;
  const hours: number[] = [];
  for (let after = props.incrementalHours; after < 24; after += props.incrementalHours)
    hours.push((Number(hour) + after) % 24);
  const list = hours.sort((a, b) => a - b).map((each) => String(each).padStart(2, '0'));
  return [...full, ...unitsOf(props, 'incremental', list.join(','), minute)];
}

function unitsOf(
  { cloud, root, user, command }: TimerProps,
  kind: 'full' | 'incremental',
  hours: string,
  minute: string,
): Unit[] {
  const name = `tandem-backup-${cloud}${kind === 'full' ? '' : '-incremental'}`;
  const words = [...command, '--project', root, '--non-interactive', 'cloud', 'backup', cloud, '--now'];
  const line = [...words, ...(kind === 'full' ? [] : ['--incremental']), '--lock-timeout', '3600']
    .map(quoted)
    .join(' ');
  const about = `${kind === 'full' ? 'Full' : 'Incremental'} backup of cloud ${cloud}`;
  return [
    {
      name: `${name}.service`,
      content: [
        ...['[Unit]', `Description=${about}`, 'Wants=network-online.target', 'After=network-online.target', ''],
        ...['[Service]', 'Type=oneshot', `User=${user}`, `ExecStart=${line}`, ''],
      ].join('\n'),
    },
    {
      name: `${name}.timer`,
      content: [
        ...['[Unit]', `Description=${about}, by time`, ''],
        ...['[Timer]', `OnCalendar=*-*-* ${hours}:${minute}:00 UTC`, 'Persistent=true', ''],
        ...['[Install]', 'WantedBy=timers.target', ''],
      ].join('\n'),
    },
  ];
}

/** As systemd reads words: quoted, with what it would replace doubled. */
function quoted(word: string): string {
  const text = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@=%$-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
