import type { Cloud } from '../../config/schema/cloud.ts';
import type { Role } from './topology.ts';

/**
 * What a service needs of its members to work.
 * - `majority`: more than half of them, in touch with each other (Galera, RabbitMQ's quorum queues, OVN's raft, Ceph's monitors);
 * - `any`: one of them.
 */
export type Quorum = 'majority' | 'any';

export interface ServiceKind {
  /** As Kolla-Ansible names it. */
  readonly name: string;
  readonly role: Role;
  readonly quorum: Quorum;
  /** Services without which it answers nothing. */
  readonly needs: readonly string[];
  /** Whether clients reach it through the VIP, so that it is gone for as long as the VIP is. */
  readonly behindVip: boolean;
  /**
   * How many members each of its parts has, where it has several: those of a part are few of its own, and which, is known to nobody
   * but itself. RabbitMQ gives each quorum queue three brokers, however many there are. @default - it is one whole
   */
  readonly membersOfPart?: number;
  /** Whether the cloud has it at all. @default always */
  readonly when?: (cloud: Cloud) => boolean;
}

/** Answers through the VIP, from any of its hosts. */
export const api = (name: string, ...more: readonly string[]): ServiceKind => ({
  name,
  role: 'control',
  quorum: 'any',
  needs: ['mariadb', 'memcached', ...more],
  behindVip: true,
});
/** Takes its work from the queue. */
export const worker = (name: string, ...more: readonly string[]): ServiceKind => ({
  name,
  role: 'control',
  quorum: 'any',
  needs: ['mariadb', 'rabbitmq', ...more],
  behindVip: false,
});
