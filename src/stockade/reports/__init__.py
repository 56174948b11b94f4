"""One file for each output: what was found, told to a person or to a machine."""
