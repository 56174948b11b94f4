"""What a table can't say, by service. A module of this folder states `MAKERS`: the functions by resource type."""
