"""The frame that the parts of an installation lie in, and those that are neither sound nor journal."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from core import settings as settings_files
from core.clock import Clock, SystemClock
from core.errors import BadSettings, BadValue, SettingFixed
from core.paths import private_folder
from core.settings import PREFIX, Configuration, Settings
from core.settings_file import Value, with_values
from journal.durable_files import disk_faults_are_said, write_atomically

if TYPE_CHECKING:
    from outbreath.page_lock.lock import PageLock
    from outbreath.phones.phones import Phones


class Parts:
    """Each is made when it is first asked for; ``replacements`` take the place of those of their name."""

    def __init__(self, configuration: Configuration, **replacements: Any) -> None:
        self.configuration = configuration
        self.settings = configuration.settings
        self.places = configuration.places
        self._making = threading.RLock()
        unknown = [name for name in replacements if not isinstance(getattr(type(self), name, None), cached_property)]
        if unknown:
            raise TypeError(f"no such part: {', '.join(unknown)}")
        # A cached property looks into the instance first, so a replacement simply lies there already.
        self.__dict__.update(replacements)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends what was begun."""

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()

    @cached_property
    def phones(self) -> Phones:
        from outbreath.phones.phones import Phones

        return Phones(self.places.phones)

    @cached_property
    def page_lock(self) -> PageLock:
        from outbreath.page_lock.lock import PageLock
        from outbreath.page_lock.passcode import Passcode

        return PageLock(Passcode(self.places.passcode), self.clock, lambda: 60.0 * self.settings.lock_after_minutes)

    def choose(self, values: Mapping[str, Value]) -> None:
        """Keeps settings in ``config.toml``; they hold from now on.

        Raises:
            BadSettings: there is no setting of that name, or the file cannot be read as it is now.
            SettingFixed: the environment or a flag says otherwise, and would go on doing so.
            BadValue: a value that the setting cannot have.
            DiskFull, JournalUnreadable: it cannot be written.
        """
        with self._making:
            for name in values:
                if name not in Settings.model_fields:
                    raise BadSettings(name, settings_files.allowed(name))
                if self.configuration.sources[name] in ("environment", "flag"):
                    raise SettingFixed(name, _by(name, self.configuration.sources[name]))
            try:
                settings = Settings(**(self.settings.model_dump() | dict(values)))
            except ValidationError as fault:
                name = str(fault.errors()[0]["loc"][0])
                raise BadValue(name, settings_files.allowed(name)) from None
            self._keep({name: getattr(settings, name) for name in values})
            sources = dict(self.configuration.sources)
            sources |= dict.fromkeys(values, "config.toml")
            self.configuration = replace(self.configuration, settings=settings, sources=sources)
            self.settings = settings

    def _keep(self, values: Mapping[str, Value]) -> None:
        # One that is a link, as among files that lie in one place for several machines, stays one.
        file = self.places.settings_file.resolve()
        with disk_faults_are_said():
            private_folder(self.places.config)
            try:
                text = with_values(file.read_text(encoding="utf-8") if file.exists() else "", values)
            except (UnicodeDecodeError, tomllib.TOMLDecodeError):
                raise BadSettings(file.name, "a readable TOML file") from None
            write_atomically(file, text.encode())


def _by(name: str, source: settings_files.Source) -> str:
    return f"the environment ({PREFIX}{name.upper()})" if source == "environment" else "a flag of the command"
