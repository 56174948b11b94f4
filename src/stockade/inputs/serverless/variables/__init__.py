"""The framework's variables, `${source(parameter):address, fallback}`: how they are written, and what they stand for."""
