"""SK9xx: what Stockade says about its own run: ignores that are not in order, and rules that failed."""
