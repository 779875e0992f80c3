"""Where the program begins: ``outbreath`` and ``python -m outbreath``."""

from __future__ import annotations

import gc
import os


def main() -> None:
    """Starts the command line."""
    # A plugin of pydantic's would see every word that is checked; to look for some takes a tenth of the start.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # What importing makes is there to stay. To look through it for garbage again and again takes a sixth of the start.
    gc.disable()
    from outbreath import cli

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
