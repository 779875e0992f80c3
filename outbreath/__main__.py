"""Where the program begins: ``outbreath`` and ``python -m outbreath``."""

from __future__ import annotations

import gc


def main() -> None:
    """Starts the command line."""
    # What importing makes is there to stay. To look through it for garbage again and again takes a sixth of the start.
    gc.disable()
    from outbreath import cli

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
