"""SAM resource types, lowered directly so that every record keeps the user's own places."""
