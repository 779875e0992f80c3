"""Runs a program where no way leads out, and says how often it tried to go there.

To be run inside a network namespace of its own: ``unshare --net python -m tests.privacy.cut_off PROGRAM...``. The
kernel counts each packet and each connection without a route, whoever asked for it, native code too. Looking up a name
counts as well, since the name server lies outside.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

# linux/sockios.h and linux/if.h
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1


def raise_loopback() -> None:
    """A server and its page talk to each other on this machine; that must work here too."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", asked)[1]
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", flags | UP))


def attempts() -> int:
    """What could not be routed since the namespace was made, IPv4 and IPv6."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:"))
    six = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    return int(dict(zip(names, values, strict=True))["OutNoRoutes"]) + int(six.get("Ip6OutNoRoutes", 0))


if __name__ == "__main__":
    raise_loopback()
    code = subprocess.run(sys.argv[1:], check=False).returncode
    tried = attempts()
    if tried:
        sys.stderr.write(f"{tried} attempts to leave this machine\n")
    sys.exit(code or (99 if tried else 0))
