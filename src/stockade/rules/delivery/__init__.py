"""Rules about how functions are deployed and changed, and what is left of them then."""
