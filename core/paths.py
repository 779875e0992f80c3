"""Where Outbreath keeps things. ``OUTBREATH_HOME`` moves all of it under one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one installation. None is created by looking at it."""

    data: Path
    config: Path
    cache: Path

    @classmethod
    def under(cls, home: Path | None) -> Places:
        """Everything under ``home``, or in the system's usual folders when it is None."""
        if home is None:
            named = platformdirs.PlatformDirs("outbreath", appauthor=False)
            return cls(named.user_data_path, named.user_config_path, named.user_cache_path)
        home = home.expanduser().absolute()
        return cls(home / "data", home / "config", home / "cache")

    @property
    def settings_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def scripts(self) -> Path:
        """The person's own session scripts."""
        return self.data / "scripts"

    @property
    def journal(self) -> Path:
        """Database, recordings and key file: all that is the person's."""
        return self.data / "journal"

    @property
    def phones(self) -> Path:
        """Certificates of the home network, and which phones are paired."""
        return self.data / "phones"

    @property
    def passcode(self) -> Path:
        """What a passcode of the page is compared with; there is none without one."""
        return self.data / "page" / "passcode.json"

    @property
    def models(self) -> Path:
        """Model files that had to be joined; can be made again at any time."""
        return self.data / "models"

    @property
    def spoken_lines(self) -> Path:
        """Spoken lines of session scripts, never the person's words."""
        return self.cache / "spoken-lines"

    @property
    def session_audio(self) -> Path:
        """Whole sessions in the formats they were asked for."""
        return self.cache / "session-audio"


def private_folder(path: Path) -> Path:
    """Makes ``path`` with access for its owner only (0700) and gives it back."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
