"""SK3xx: secrets, and the keys that guard them."""
