"""The system's keyring, where it is a real one. The one door to ``keyring``."""

from __future__ import annotations

from typing import Any, Protocol

SERVICE = "outbreath"

# Backends of operating systems that keep secrets encrypted. Everything else `keyring` may find (plain text files,
# the null and the fail backend, third-party ones) is treated as not there: a key file of our own is more honest.
TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


class Vault(Protocol):
    """Keeps short secrets under a name."""

    def get(self, name: str) -> str | None:
        """The secret, or None when there is none or it cannot be had."""
        ...

    def put(self, name: str, secret: str) -> bool:
        """True when the secret is kept and can be read back."""
        ...

    def delete(self, name: str) -> None:
        """Forgets the secret; nothing happens when there is none."""
        ...


class SystemVault:
    """The keyring of the person's session."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def get(self, name: str) -> str | None:
        from keyring.errors import KeyringError

        try:
            secret: str | None = self._backend.get_password(SERVICE, name)
        except KeyringError:
            return None
        return secret

    def put(self, name: str, secret: str) -> bool:
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, name, secret)
        except KeyringError:
            return False
        return self.get(name) == secret

    def delete(self, name: str) -> None:
        from keyring.errors import KeyringError

        try:
            self._backend.delete_password(SERVICE, name)
        except KeyringError:
            return


def system_vault() -> Vault | None:
    """The system's keyring, or None on a machine without one that keeps secrets encrypted."""
    try:
        import keyring
    except ImportError:
        return None
    chosen: Any = keyring.get_keyring()
    # With several keyrings installed `keyring` answers with a chain of them.
    for backend in getattr(chosen, "backends", None) or [chosen]:
        if type(backend).__module__ in TRUSTED:
            return SystemVault(backend)
    return None
