import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface ClusterBudgetProps {
  readonly name: string;
  /** US dollars a month. */
  readonly monthlyUsd: number;
  /** Notified at 80 and 100 percent of what was spent, and at 100 percent of the forecast. */
  readonly topic: ITopic;
  /** Only what carries this tag counts; it must be activated as a cost allocation tag in the account that pays. */
  readonly tag: { readonly key: string; readonly value: string };
  /** Tags of the budget itself: the tags of a stack do not reach budgets. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A monthly cost budget with notifications. It stops nothing. */
export class ClusterBudget extends Construct {
  readonly budget: CfnBudget;

  constructor(scope: Construct, id: string, props: ClusterBudgetProps) {
    super(scope, id);
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'SNS', address: props.topic.topicArn }],
    });
    this.budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: props.name,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.monthlyUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:${props.tag.key}$${props.tag.value}`] },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('ACTUAL', 100), tell('FORECASTED', 100)],
      resourceTags: Object.entries(props.tags).map(([key, value]) => ({ key, value })),
    });
  }
}
