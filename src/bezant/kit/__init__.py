"""What every service needs and no domain owns: clock, settings, database, log, metrics."""
