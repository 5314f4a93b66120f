"""What is kept under lock in the database: personal data sealed with AES-256-GCM, the key outside the database.

The key comes from the journal's by HMAC (a key of its own for this use), so that every station that may write the
journal can open what another one sealed, and a store needs no new file. What is sealed names its place: a seal that was
moved to another record does not open there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from counterapp.core.secrets_file import Keys
from counterapp.errors import Trouble
from counterapp.words import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_USE: Final = b"counterapp: personal data, version 1"


def encrypt(keys: Keys, plain: bytes, place: str) -> bytes:
    """Return `plain` sealed for `place` ("lost_tokens.id_number:17"): a version byte, nonce, cipher and tag."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + _cipher(keys).encrypt(nonce, plain, place.encode())


def decrypt(keys: Keys, sealed: bytes, place: str) -> bytes:
    """Return what `seal` was given. Raises Trouble where the key or the place is another, or the seal was changed."""
    from cryptography.exceptions import InvalidTag

    try:
        if sealed[:1] != _VERSION:
            raise InvalidTag
        return _cipher(keys).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.encode())
    except InvalidTag as error:
        raise Trouble(
            N_("This cannot be read with the keys of this PC. Copy keys.json from the store's first PC or a backup.")
        ) from error


def _cipher(keys: Keys) -> AESGCM:
    # Loads in 40 ms, and few stores keep what has to be sealed.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.new(keys.journal, _USE, hashlib.sha256).digest())
