"""SK1xx: who can invoke a function, and from where."""
