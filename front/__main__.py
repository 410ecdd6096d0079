"""``python -m fiscalgraph`` is the command ``fiscalgraph``."""

from fiscalgraph.cli import main

if __name__ == "__main__":
    main()
