"""A line to a server that can be cut in the middle of a word."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

PIECE_BYTES = 65_536


class Line:
    """Passes everything on from ``[::1]`` to ``127.0.0.1`` at the same port: both sides see the name they expect."""

    def __init__(self, port: int) -> None:
        self.address = f"http://[::1]:{port}"
        self._port = port
        self._whole = True
        self._flowing = threading.Event()
        self._flowing.set()
        self._ends: set[socket.socket] = set()
        self._entrance = socket.create_server(("::1", port), family=socket.AF_INET6)
        threading.Thread(target=self._let_in, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._flowing.set()
        self._entrance.shutdown(socket.SHUT_RDWR)
        self._entrance.close()

    def cut(self) -> None:
        """What is under way is lost, and nobody gets through from now on."""
        self._whole = False
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """It can be used again; what was stuck in it arrives now."""
        self._whole = True
        self._flowing.set()

    def clog(self) -> None:
        """Nothing gets through, and nobody is told."""
        self._flowing.clear()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._entrance.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        """One connection, from its beginning to its end."""
        with near, suppress(OSError):
            if not self._whole:
                return
            with socket.create_connection(("127.0.0.1", self._port)) as far:
                self._ends |= {near, far}
                back = threading.Thread(target=self._pass_on, args=(far, near), daemon=True)
                back.start()
                self._pass_on(near, far)
                back.join()
                self._ends -= {near, far}

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE_BYTES):
                self._flowing.wait()
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
