"""``python -m einthoven`` is the command ``einthoven``."""

from einthoven.cli.main import main

if __name__ == "__main__":
    main()
