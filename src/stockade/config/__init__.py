"""Settings: what can be configured, where it is written, and which of several says so."""
