"""What the lab adapts in OpenStack: each module replaces one driver, by configuration only."""
