/** What a project's own code imports from `tandem`. The bindings of OpenStack's resources are `tandem/openstack/<resource>`. */
export { definePolicy, type Policy, type PolicyFinding } from '../stacks/define-policy.ts';
export { type CustomStack, defineStack } from '../stacks/define-stack.ts';
export type { Project } from './config/project.ts';
export type { Change, Plan, StackPlan } from './plan/model.ts';
export { type Citation, cite } from './stack/cite.ts';
export { type ConfigRef, ref } from './stack/config-ref.ts';
export type { StackId } from './stack/id.ts';
