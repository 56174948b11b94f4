"""What the Python functions of the order service share (deployed as a layer)."""
