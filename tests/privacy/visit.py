"""Goes to every address of a server with words of a person, right and wrong ones.

As a program it starts a server of its own: ``python -m tests.privacy.visit FOLDER MODELS RECORDING``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import httpx

from tests.privacy.installation import Installation

WAIT_SECONDS = 60.0


def visit(address: str, phrase: str, recording: Path) -> list[int]:
    """The status of each answer; none of them is a bug's."""
    statuses: list[int] = []
    with httpx.Client(base_url=f"{address}/api/v1", timeout=WAIT_SECONDS, trust_env=False) as client:

        def go(method: str, path: str, **request: object) -> httpx.Response:
            answer = client.request(method, path, **request)  # type: ignore[arg-type]
            statuses.append(answer.status_code)
            return answer

        go("GET", address + "/")
        go("GET", "/health")
        go("GET", "/sessions")
        go("GET", "/sessions/coherent-breathing/timeline?minutes=2")
        go("GET", "/sessions/coherent-breathing/audio?minutes=2&voice=hibari&format=mp3")
        entry = go("POST", "/entries", json={"text": phrase}).json()["id"]
        go("GET", f"/entries/{entry}")
        go("PATCH", f"/entries/{entry}", json={"text": f"{phrase} {phrase}"})
        go("PUT", f"/entries/{entry}/tags/{phrase}")
        go("GET", "/entries", params={"q": phrase, "tag": phrase})
        go("GET", "/search", params={"q": phrase})
        go("GET", f"/tags/{phrase}")
        go("GET", f"/entries/{entry}/related")
        with recording.open("rb") as sound:
            spoken = go("POST", "/entries", files={"audio": (f"{phrase}.wav", sound)}).json()["id"]
        go("GET", f"/entries/{spoken}/events")
        go("GET", f"/entries/{spoken}/unsent-key")
        go("POST", "/unsent-keys", json=go("GET", "/unsent-keys").json())
        go("GET", f"/entries/{spoken}/audio", headers={"Range": "bytes=0-99"})
        go("PUT", f"/vocabulary/{phrase}")
        go("GET", "/vocabulary")
        go("PUT", f"/vocabulary/{phrase},{phrase}")
        # Wrong in every way that could repeat what was sent.
        go("POST", "/entries", json={"text": [phrase]})
        go("POST", "/entries", json={phrase: phrase})
        go("POST", "/entries", content=phrase.encode(), headers={"Content-Type": "application/json"})
        go("POST", "/entries", files={"audio": (f"{phrase}.wav", phrase.encode())})
        go("PATCH", f"/entries/{entry}", json={"mood_before": phrase})
        go("GET", f"/entries/{phrase}")
        go("GET", f"/entries/{phrase}/unsent-key")
        go("POST", "/unsent-keys", json={"public_key": phrase})
        go("GET", f"/{phrase}")
        go("GET", "/entries", params={"limit": phrase, "cursor": phrase, "from": phrase})
        go("GET", "/search", params={"q": f'"{phrase} AND ('})
        # A passcode is a word of the person too.
        go("PUT", "/lock/passcode", json={"passcode": phrase})
        go("POST", "/lock/open", json={"passcode": f"{phrase} {phrase}"})
        go("POST", "/lock/open", json={"passcode": [phrase]})
        go("GET", "/lock")
        go("PATCH", "/settings", json={"voice": phrase})
        go("PUT", "/lock/passcode", json={"passcode": None, "current": phrase})
    return statuses


if __name__ == "__main__":
    folder, models, sound_file = map(Path, sys.argv[1:])
    with Installation(folder, models).server() as server_address:
        answers = visit(server_address, "a phrase", sound_file)
    sys.exit(any(status >= 500 for status in answers))
