"""Policies as exact sets of requests: what is in one and not in another, with a request that shows it."""
