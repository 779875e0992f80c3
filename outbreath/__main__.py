"""``python -m outbreath``."""

from outbreath.cli import main

if __name__ == "__main__":
    main()
