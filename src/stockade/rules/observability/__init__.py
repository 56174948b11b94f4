"""Rules about what can be seen of functions afterwards: traces, logs, alarms, and events that failed."""
