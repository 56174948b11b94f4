"""SK2xx: what a function may do, and who may take its role."""
