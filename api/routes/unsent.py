"""Keys under which a page keeps what was said and is not safe here yet. None of them is ever stored by the page."""

from __future__ import annotations

from base64 import b64decode, b64encode

from fastapi import APIRouter

from api.dependencies import Journal, Parts
from api.schemas import PublicKey, UnsentKey
from core.errors import BadValue
from journal.key_agreement import KeyAgreement

router = APIRouter(tags=["unsent sound"])


@router.get("/entries/{entry_id}/unsent-key")
def unsent_key(notebook: Journal, entry_id: str) -> UnsentKey:
    """The key (AES-256) for an entry that has begun here."""
    return UnsentKey(key=b64encode(notebook.recordings.unsent_key(entry_id)).decode())


@router.get("/unsent-keys")
def public_key(parts: Parts) -> PublicKey:
    """What a page has to know of this machine to keep what is said while it is out of reach."""
    return PublicKey(public_key=b64encode(KeyAgreement(parts.data_key).public_key).decode())


@router.post("/unsent-keys")
def agreed_key(parts: Parts, theirs: PublicKey) -> UnsentKey:
    """The key (AES-256) that the page derived then, now that it is back."""
    try:
        point = b64decode(theirs.public_key, validate=True)
    except ValueError:
        raise BadValue("public_key", "base64") from None
    return UnsentKey(key=b64encode(KeyAgreement(parts.data_key).key(point)).decode())
