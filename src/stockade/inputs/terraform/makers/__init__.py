"""What tables can't say: makers by resource type. Each module states `MAKERS`."""
