"""`python -m kymograph` is the command line."""

from __future__ import annotations

from kymograph.cli.main import main

if __name__ == "__main__":
    main()
