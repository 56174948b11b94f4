"""Configuration that is a program: what TypeScript and JavaScript say literally, without running them."""
