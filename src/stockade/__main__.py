"""`python -m stockade`: the command line, where its script is not on the path."""

import sys

from stockade.cli import main

if __name__ == "__main__":
    sys.exit(main())
