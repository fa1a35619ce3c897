"""What every process stands on: serving, errors, settings, logs. Knows no service."""
