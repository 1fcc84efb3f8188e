"""Keyed hashes: the same user or text gives the same key, and without the secret no one can go back or test a guess.

BLAKE2b in keyed mode (RFC 7693), 128 bits, with a personalisation per kind, so that a user's key and a text's key
never meet.
"""

from __future__ import annotations

import hashlib

DIGEST_BYTES = 16


class KeyedHash:
    """Hashes of one secret key of at least 16 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("REVIEWSUM_HASH_KEY is shorter than 16 bytes: give it a random value of 32 or more")
        self._key = key[:64]

    def user(self, user_id: str) -> str:
        """Key of a user, 32 hex digits; an empty user stays empty: nobody is known to have written it."""
        return self._digest(user_id, b"user") if user_id else ""

    def text(self, text: str) -> str:
        """Key of a text, 32 hex digits."""
        return self._digest(text, b"text")

    def review(self, review_id: str) -> str:
        """Key of a review, 32 hex digits: what stays of one that was erased."""
        return self._digest(review_id, b"review")

    def trace(self, data: bytes) -> bytes:
        """Key of bytes that a search looks for, 16 bytes."""
        return hashlib.blake2b(data, digest_size=DIGEST_BYTES, key=self._key, person=b"trace").digest()

    def _digest(self, value: str, kind: bytes) -> str:
        data = value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=DIGEST_BYTES, key=self._key, person=kind).hexdigest()
