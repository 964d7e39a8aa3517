"""`python -m edge.cli` is the command `safecity-edge`."""

from edge.cli import main

if __name__ == "__main__":
    main()
