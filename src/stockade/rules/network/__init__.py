"""Rules about the networks that functions are attached to, and where they can reach from there."""
