"""The tables, version by version, forward only. Run by `bezant.migrations.runner`, as the owner."""
