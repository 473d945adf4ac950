import {
  type AutoScalingClient,
  AutoScalingServiceException,
  CompleteLifecycleActionCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import type { FleetGroup, HookAnswer, Protection } from '../ports.ts';

export class AutoScalingGroup implements FleetGroup {
  readonly #client: AutoScalingClient;
  readonly #group: string;

  constructor(client: AutoScalingClient, group: string) {
    this.#client = client;
    this.#group = group;
  }

  async complete(hook: string, instanceId: string, result: 'CONTINUE' | 'ABANDON'): Promise<HookAnswer> {
    const input = { ...this.#action(hook, instanceId), LifecycleActionResult: result };
    return unlessRefused(this.#client.send(new CompleteLifecycleActionCommand(input)), 'no-such-action');
  }

  async prolong(hook: string, instanceId: string): Promise<HookAnswer> {
    const command = new RecordLifecycleActionHeartbeatCommand(this.#action(hook, instanceId));
    return unlessRefused(this.#client.send(command), 'no-such-action');
  }

  async setProtection(instanceIds: readonly string[], protection: Protection): Promise<'done' | 'refused'> {
    const command = new SetInstanceProtectionCommand({
      AutoScalingGroupName: this.#group,
      InstanceIds: [...instanceIds],
      ProtectedFromScaleIn: protection === 'protect',
    });
    return unlessRefused(this.#client.send(command), 'refused');
  }

  /** Within the grace period too: it is the agent itself that says so. */
  async setUnhealthy(instanceId: string): Promise<'done' | 'refused'> {
    const input = { InstanceId: instanceId, HealthStatus: 'Unhealthy', ShouldRespectGracePeriod: false };
    return unlessRefused(this.#client.send(new SetInstanceHealthCommand(input)), 'refused');
  }

  #action(hook: string, instanceId: string) {
    return { AutoScalingGroupName: this.#group, LifecycleHookName: hook, InstanceId: instanceId };
  }
}

/** A validation error says that the call comes too late or too early; everything else is a failure. */
async function unlessRefused<T>(call: Promise<unknown>, refused: T): Promise<'done' | T> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (error instanceof AutoScalingServiceException && error.name === 'ValidationError') return refused;
    throw error;
  }
}
