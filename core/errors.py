"""Everything that can go wrong, on one page.

Each class has a stable ``code`` (public: scripts and the page rely on it), a calm sentence and a next step.
No error carries words of the person: ids, counts and names of files only.
Entrances map classes to HTTP status (`api/errors.py`) and to exit codes (`outbreath/cli.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


def minutes_in_words(minutes: float) -> str:
    """A length as people say it: 1 minute, 1.5 minutes."""
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"


class OutbreathError(Exception):
    """An expected failure.

    ``code`` never changes once released, ``message`` says what happened, ``next_step`` says what to do about it.
    """

    code: ClassVar[str] = "failed"

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def as_json(self) -> dict[str, str]:
        """The one JSON shape of an error, on the command line and over HTTP."""
        return {"code": self.code, "message": self.message, "next_step": self.next_step}


class Bug(OutbreathError):
    """Something that should not happen. Says nothing of where or why: that is in the log, without words."""

    code = "bug"

    def __init__(self) -> None:
        super().__init__("Something in Outbreath is broken.", "Run: outbreath doctor. Nothing you said is lost.")


# --- Wrong usage: the request itself cannot be right -------------------------------------------------------------


class UsageError(OutbreathError):
    """What was asked for makes no sense as asked; asking differently helps."""

    code = "bad_request"


class BadValue(UsageError):
    """A value outside its range or of the wrong kind."""

    code = "bad_value"

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"The value for {name} can't be used.", f"Use {allowed}.")


class BadSettings(UsageError):
    """The settings file or an ``OUTBREATH_*`` variable cannot be read."""

    code = "bad_settings"

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"The setting {name} can't be used.", f"Use {allowed}, then run: outbreath config")


class SettingFixed(UsageError):
    code = "setting_fixed"

    def __init__(self, name: str, by: str) -> None:
        super().__init__(f"The setting {name} is fixed by {by}.", "Take it away there, then start Outbreath again.")


class TooShort(UsageError):
    code = "too_short"

    def __init__(self, slug: str, shortest_minutes: float) -> None:
        super().__init__(
            f"The words of {slug} need more time than that.",
            f"The shortest possible length is {minutes_in_words(shortest_minutes)}.",
        )
        self.shortest_minutes = shortest_minutes


class TooManyWords(UsageError):
    code = "too_many_words"

    def __init__(self, slug: str, needed_minutes: float, longest_minutes: float, less_fits: bool) -> None:
        super().__init__(
            f"The words of {slug} need {minutes_in_words(needed_minutes)}, "
            f"and it may last {longest_minutes:g} at most.",
            f"{'Less guidance makes them fit. Else shorten' if less_fits else 'Shorten'} them, or raise its max.",
        )


class TooMuchText(UsageError):
    code = "text_too_long"

    def __init__(self, limit_characters: int) -> None:
        super().__init__(
            f"That is longer than an entry holds ({limit_characters:,} characters).", "Split it into several entries."
        )


class EmptyText(UsageError):
    code = "empty_text"

    def __init__(self) -> None:
        super().__init__("There are no words in that.", "Write at least one word.")


class NotAllowed(UsageError):
    """A request from another site or host name (DNS rebinding, cross-site request)."""

    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__(
            "This request didn't come from Outbreath's own page.", "Open Outbreath by the address that it printed."
        )


class RequestTooLarge(UsageError):
    """A recording or text beyond what is taken in at once."""

    code = "too_large"

    def __init__(self, limit_mb: int) -> None:
        super().__init__(
            f"That is more than Outbreath takes in at once ({limit_mb:,} MB).",
            "Split it, or raise recording_limit_mb in the settings.",
        )


class WrongMethod(UsageError):
    """An address of the server asked in a way it doesn't answer."""

    code = "wrong_method"

    def __init__(self) -> None:
        super().__init__("This address can't be asked that way.", "See /api/v1/docs for what can be asked.")


class RangeNotSatisfiable(UsageError):
    """A byte range that begins behind the end; ``size_bytes`` is how much there is."""

    code = "range_not_satisfiable"

    def __init__(self, size_bytes: int) -> None:
        super().__init__("That part of the sound doesn't exist.", "Ask for a part before its end.")
        self.size_bytes = size_bytes


# --- Not there --------------------------------------------------------------------------------------------------


class NotFound(OutbreathError):
    code = "not_found"


class NoSuchAddress(NotFound):
    def __init__(self) -> None:
        super().__init__("There is nothing at this address.", "Go to / for the page, or /api/v1/docs for the rest.")


class UnknownSession(NotFound):
    code = "unknown_session"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__("There is no session of that name.", f"Choose one of: {', '.join(known)}.")


class UnknownPrompt(NotFound):
    code = "unknown_prompt"

    def __init__(self) -> None:
        super().__init__("This reflection has no such question.", "Ask for a number from 0 on; /api/v1/docs says more.")


class UnknownEntry(NotFound):
    code = "unknown_entry"

    def __init__(self) -> None:
        super().__init__("There is no entry with that id.", "List the entries with: outbreath entries")


class UnknownTag(NotFound):
    code = "unknown_tag"

    def __init__(self) -> None:
        super().__init__("There is no such tag.", "List the tags in use with: outbreath tags")


class NothingLearned(NotFound):
    code = "nothing_learned"

    def __init__(self) -> None:
        super().__init__("Nothing was learned about this tag.", "List what was learned with: outbreath lessons")


class NoRecording(NotFound):
    code = "no_recording"

    def __init__(self) -> None:
        super().__init__("This entry has no recording.", "Its words, if it has any, are in the entry itself.")


class UnknownVoice(NotFound):
    code = "unknown_voice"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            "There is no voice of that name.",
            f"Choose one of: {', '.join(known)}, or a Piper voice of your own (.onnx file or folder).",
        )


class UnclearVoiceFolder(NotFound):
    """A folder was named as a voice of one's own."""

    code = "unclear_voice_folder"

    def __init__(self, voices: int) -> None:
        super().__init__(
            f"A folder of your own voice has to hold one Piper voice; this one holds {voices or 'none'}.",
            "Put one .onnx file there, and the .onnx.json that came with it; or name the file.",
        )


class UnknownModel(NotFound):
    """Neither a shipped recogniser nor a folder that holds one."""

    code = "unknown_model"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            "There is no speech model of that name.",
            f"Choose one of: {', '.join(known)}, or a folder with model.bin, config.json and tokenizer.json "
            "(Whisper for CTranslate2).",
        )


class UnknownLanguage(NotFound):
    code = "unknown_language"

    def __init__(self) -> None:
        super().__init__(
            "The speech model doesn't know the language that the settings name.",
            "Set language to a code such as en or de, or leave it unset; then try again.",
        )


# --- Scripts ----------------------------------------------------------------------------------------------------


class BadScript(OutbreathError):
    """A session script with faults; ``faults`` are (line number, what is wrong, hint)."""

    code = "bad_script"

    def __init__(self, slug: str, faults: Sequence[tuple[int, str, str]]) -> None:
        lines = "; ".join(f"line {line}: {what} ({hint})" for line, what, hint in faults)
        super().__init__(f"The script {slug} can't be read: {lines}", "Mend these lines and try again.")
        self.faults = tuple(faults)


class BeingPrepared(OutbreathError):
    """A slow voice says the lines of a script for the first time, so how long they take isn't known yet."""

    code = "being_prepared"

    def __init__(self, lines_ready: int, lines: int, seconds_left: int) -> None:
        super().__init__(
            f"This session is being spoken for the first time: {lines_ready} of {lines} lines are ready.",
            f"Try again in about {seconds_left} seconds; it goes on by itself.",
        )
        self.seconds_left = seconds_left


class TooMuchToPrepare(OutbreathError):
    """More sessions wait to be spoken ahead than Outbreath takes on."""

    code = "too_much_to_prepare"

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} sessions wait to be spoken ahead already.",
            "Try again when some of them are ready. A session that isn't spoken ahead can be played all the same.",
        )


# --- Sound ------------------------------------------------------------------------------------------------------


class AudioError(OutbreathError):
    code = "audio_failed"


class UnreadableAudio(AudioError):
    code = "unreadable_audio"

    def __init__(self) -> None:
        super().__init__(
            "No sound could be read from this file.",
            "Play it in another program to see if it is whole, or record it again as WAV, MP3 or M4A.",
        )


class UnreadableFile(AudioError):
    """A file that is missing, a folder, or not ours to read."""

    code = "unreadable_file"

    def __init__(self) -> None:
        super().__init__("This file can't be opened.", "Check its name and that you may read it.")


class UnwritableFile(AudioError):
    code = "unwritable_file"

    def __init__(self) -> None:
        super().__init__("Nothing can be written there.", "Choose a folder that exists and that you may write to.")


class LinesNotKept(OutbreathError):
    """A session was spoken ahead, and its lines are gone: the disk is full, or the cache cannot be written."""

    code = "lines_not_kept"

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"Of the spoken lines {missing} can't be kept.",
            "Make room on the disk, or make the cache folder yours: outbreath doctor names it.",
        )


class UnwritableModels(UnwritableFile):
    """A model has to be joined from its parts first, and cannot be."""

    code = "unwritable_models"

    def __init__(self) -> None:
        OutbreathError.__init__(
            self,
            "The folder of the speech models can't be written to.",
            "See that the folder `outbreath doctor` names is yours, and its disk not read-only.",
        )


class UnknownAudioFormat(UsageError):
    code = "unknown_audio_format"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__("That file ending isn't one Outbreath writes.", f"Use one of: {', '.join(known)}.")


class NoSoundCard(AudioError):
    """PortAudio is missing, or it finds no device."""

    code = "no_sound_card"

    def __init__(self) -> None:
        super().__init__(
            "No sound card can be used from here.",
            "Install PortAudio (Debian, Ubuntu: apt install libportaudio2) and plug in a device, or use the page.",
        )


class NoMicrophone(AudioError):
    code = "no_microphone"

    def __init__(self) -> None:
        super().__init__(
            "No microphone can be used from here.",
            "Plug one in, record on the page instead, or add a recording with: outbreath add FILE",
        )


class NothingRecorded(AudioError):
    code = "nothing_recorded"

    def __init__(self) -> None:
        super().__init__("Nothing was recorded.", "See that the microphone is on, then try again.")


class DeviceLost(AudioError):
    code = "device_lost"

    def __init__(self) -> None:
        super().__init__("The sound device went away.", "Plug it in again, then go on.")


# --- Voice ------------------------------------------------------------------------------------------------------


class ModelMissing(OutbreathError):
    code = "model_missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"The model {name} isn't installed.", "Run: make run (or: pipx reinstall outbreath)")


class VoiceNotInstalled(ModelMissing):
    """A voice that doesn't come with Outbreath, but is known to it."""

    code = "voice_not_installed"

    def __init__(self, name: str) -> None:
        OutbreathError.__init__(
            self, f"The voice {name} isn't installed.", f"Run: requirements/install {name} (docs/voices.md says more)"
        )


class ModelDamaged(OutbreathError):
    """A model file whose sha256 is not the one expected."""

    code = "model_damaged"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The model {name} is damaged.", "Delete the models folder that `outbreath doctor` names, and start again."
        )


class OwnVoiceDamaged(ModelDamaged):
    """A voice of one's own whose two files can't be used, or not together."""

    code = "own_voice_damaged"

    def __init__(self, name: str) -> None:
        OutbreathError.__init__(
            self,
            f"The files of your own voice {name} are damaged, or don't belong together.",
            "Get both again, the .onnx and its .onnx.json, and put them where they were; or choose another voice.",
        )


class PackagedModelDamaged(ModelDamaged):
    """A model of tags or search, whose files lie among the program's own."""

    code = "packaged_model_damaged"

    def __init__(self, name: str) -> None:
        OutbreathError.__init__(
            self, f"The model {name} is damaged.", "Install Outbreath again; nothing you said is lost."
        )


class TranscriptionFailed(OutbreathError):
    code = "transcription_failed"

    def __init__(self) -> None:
        super().__init__("The recording couldn't be transcribed.", "If it is in the journal: outbreath retry ID")


# --- The journal ------------------------------------------------------------------------------------------------


class JournalError(OutbreathError):
    code = "journal_failed"


class WrongKey(JournalError):
    """The key (or passphrase) does not open this journal, or the file is no journal."""

    code = "wrong_key"

    def __init__(self) -> None:
        super().__init__(
            "This key doesn't open the journal.",
            "Use the passphrase or recovery key that belongs to it, or restore the key file from your backup.",
        )


class KeyMissing(JournalError):
    """There is a journal but no key for it. A new key would never open it, so none is made."""

    code = "key_missing"

    def __init__(self) -> None:
        super().__init__(
            "The key of this journal is missing.",
            "Put the key file back where it was, or open the journal with your recovery key.",
        )


class JournalLocked(JournalError):
    code = "journal_locked"

    def __init__(self) -> None:
        super().__init__("The journal is locked.", "Enter your passphrase, or set OUTBREATH_PASSPHRASE to it.")


class JournalTooNew(JournalError):
    code = "journal_too_new"

    def __init__(self) -> None:
        super().__init__(
            "This journal was written by a newer Outbreath.", "Update Outbreath; nothing in the journal was changed."
        )


class NoEncryption(JournalError):
    """SQLCipher or AES-GCM is not available. Never fall back to plain files."""

    code = "no_encryption"

    def __init__(self) -> None:
        super().__init__(
            "Encryption isn't available on this machine, so nothing was stored.", "Install Outbreath again: make run"
        )


class DamagedRecording(JournalError):
    """A recording block that fails authentication."""

    code = "damaged_recording"

    def __init__(self) -> None:
        super().__init__(
            "Part of this recording is damaged.", "What comes before the damage is kept and can be played."
        )


class DiskFull(JournalError):
    code = "disk_full"

    def __init__(self) -> None:
        super().__init__(
            "The disk is full.", "Free some space, then try again. Nothing is lost that was stored before."
        )


class JournalBusy(JournalError):
    """Another process wrote to the journal for longer than this one could wait."""

    code = "journal_busy"

    def __init__(self) -> None:
        super().__init__("The journal is busy.", "Try again in a moment.")


class JournalUnreadable(JournalError):
    """The disk, its permissions or the database file are at fault."""

    code = "journal_unreadable"

    def __init__(self) -> None:
        super().__init__(
            "The journal's files can't be read or written.",
            "Check that the disk is there and that its folder is yours, then try again.",
        )


class AlreadyRunning(JournalError):
    """Another server holds this journal."""

    code = "already_running"

    def __init__(self, address: str) -> None:
        super().__init__(
            "Outbreath is already running on this journal.",
            f"Open {address}, or stop that one first." if address else "Stop that one first.",
        )


class PortTaken(OutbreathError):
    code = "port_taken"

    def __init__(self, port: int) -> None:
        another = port + 1 if port < 60_000 else 8765
        super().__init__(f"Another program uses port {port}.", f"Choose another: outbreath serve --port {another}")


class NotReady(JournalError):
    """The entry is still being worked on, or its state does not allow this."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("This entry is still being worked on.", "Try again in a moment.")


class BadArchive(JournalError):
    """A folder given to ``import`` that no ``export`` made, or that is damaged."""

    code = "bad_archive"

    def __init__(self) -> None:
        super().__init__(
            "This folder can't be read as an Outbreath export.",
            "Choose the folder that holds outbreath.json; nothing was imported.",
        )


class FolderNotEmpty(UsageError):
    code = "folder_not_empty"

    def __init__(self) -> None:
        super().__init__("That folder already holds something.", "Choose a new or empty folder.")


# --- Phones ------------------------------------------------------------------------------------------------------


class NotPaired(OutbreathError):
    """A phone that was never paired, or was forgotten since."""

    code = "not_paired"

    def __init__(self) -> None:
        super().__init__("This phone isn't paired with Outbreath.", "Pair it: open /pair on it.")


class WrongPairingCode(OutbreathError):
    code = "wrong_pairing_code"

    def __init__(self) -> None:
        super().__init__("That isn't the code, or it is older than ten minutes.", "Look at the machine for a new one.")


class TooManyTries(OutbreathError):
    code = "too_many_tries"

    def __init__(self, wait_seconds: int | None = None) -> None:
        code = "a little. For pairing, have the machine show a new code."
        wait = code if wait_seconds is None else f"{wait_seconds} s, then try again."
        super().__init__("That was tried too often.", f"Wait {wait}")
        self.wait_seconds = wait_seconds


class PageLocked(OutbreathError):
    code = "page_locked"

    def __init__(self) -> None:
        super().__init__("The page is locked.", "Enter its passcode.")


class WrongPasscode(OutbreathError):
    code = "wrong_passcode"

    def __init__(self) -> None:
        super().__init__("That isn't the passcode.", "Try again. Forgotten: outbreath passcode --remove")


class UnknownPhone(UsageError):
    code = "unknown_phone"

    def __init__(self) -> None:
        super().__init__("No phone of that name is paired.", "See: outbreath phones")


class NoHomeNetwork(OutbreathError):
    """``--lan`` where there is no network, or one that everybody can reach."""

    code = "no_home_network"

    def __init__(self) -> None:
        super().__init__(
            "This machine has no address in a home network.",
            "Connect it to one, or give its address: the setting lan_address.",
        )
