"""What a change of policy files means: findings, settings in words, and the effect in cases and pounds."""
