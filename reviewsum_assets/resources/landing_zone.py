"""The landing zone: a folder or an object prefix that a shop drops files of events into. Only read, never written.

Files still being written are left alone: names with a leading dot, or that end in `.tmp` or `.part`, and empty files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow
from pyarrow import fs

SUFFIXES = (".jsonl", ".ndjson", ".json")
_UNFINISHED = (".tmp", ".part")
_READ_BYTES = 1024 * 1024

_S3_ATTEMPTS = 3
_S3_TIMEOUT_SECONDS = 10


class LandingError(RuntimeError):
    """The landing zone cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LandingFile:
    """A file as it is listed."""

    name: str
    """Its path inside the zone, with `/`."""
    size: int
    modified_ns: int
    """Time of the last change as the store tells it, in nanoseconds since 1970; 0 where it tells none."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in the zone."""

    files: tuple[LandingFile, ...]
    """Files of events, by name."""
    left: int
    """Others: still being written, empty, or of no kind that holds events."""


class LandingZone:
    """Files of events below one place.

    Args:
        url: A folder (`/path` or `file:///path`) or `s3://bucket/prefix`.
        region: AWS region, for S3.
        endpoint_url: A server that speaks S3 instead of AWS.

    Raises:
        LandingError: from every method, if the place cannot be read.
    """

    def __init__(self, url: str, *, region: str = "", endpoint_url: str = "") -> None:
        self.url = url
        parts = urlsplit(url)
        if parts.scheme == "s3":
            if not parts.netloc:
                raise LandingError(f"REVIEWSUM_LANDING_URL {url!r} names no bucket: write s3://bucket/prefix")
            self._files = _s3(region, endpoint_url)
            self._root = f"{parts.netloc}/{parts.path.strip('/')}".rstrip("/")
            self._bucket: str | None = parts.netloc
        elif parts.scheme in ("", "file"):
            self._files = fs.LocalFileSystem()
            path = unquote(parts.path) if parts.scheme else url
            self._root = str(Path(path).expanduser().absolute())
            self._bucket = None
        else:
            raise LandingError(f"REVIEWSUM_LANDING_URL {url!r}: use a folder or s3://bucket/prefix")

    def listing(self) -> Listing:
        """The files that are there now, by name."""
        with self._explained():
            found = self._files.get_file_info(self._bucket or self._root)
            if found.type != fs.FileType.Directory:
                what = f"bucket {self._bucket}" if self._bucket else f"folder {self._root}"
                raise LandingError(f"there is no {what}: make it, or check REVIEWSUM_LANDING_URL")
            # A prefix exists once something is in it.
            everything = self._files.get_file_info(
                fs.FileSelector(self._root, recursive=True, allow_not_found=self._bucket is not None)
            )
        files: list[LandingFile] = []
        left = 0
        for info in everything:
            if info.type != fs.FileType.File:
                continue
            name = info.path[len(self._root) :].lstrip("/")
            if _holds_events(name) and info.size:
                files.append(LandingFile(name, info.size, info.mtime_ns or 0))
            else:
                left += 1
        return Listing(tuple(sorted(files, key=lambda file: file.name)), left)

    def fetch(self, file: LandingFile, to: Path) -> str | None:
        """Copy a file to a local path, streamed; returns its SHA-256 (hex), or None where it is gone."""
        digest = hashlib.sha256()
        with self._explained():
            try:
                # Stored bytes as they are: archives are unpacked by the reader of exports, which knows broken ones.
                source = self._files.open_input_stream(f"{self._root}/{file.name}", compression=None)
            except FileNotFoundError:
                return None
            with source, to.open("wb") as target:
                while chunk := source.read(_READ_BYTES):
                    digest.update(chunk)
                    target.write(chunk)
        return digest.hexdigest()

    def ping(self) -> str:
        """What is there, for people."""
        listing = self.listing()
        return f"{self.url}: {len(listing.files)} files of events, {listing.left} others"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, pyarrow.ArrowException) as error:
            reason = " ".join(str(error).split())[:300]
            raise LandingError(
                f"the landing zone {self.url} cannot be read ({reason}): check it and its access"
            ) from None


def _holds_events(name: str) -> bool:
    parts = name.lower().split("/")
    if any(part.startswith(".") for part in parts) or parts[-1].endswith(_UNFINISHED):
        return False
    return parts[-1].removesuffix(".gz").endswith(SUFFIXES)


def _s3(region: str, endpoint_url: str) -> fs.FileSystem:
    endpoint = urlsplit(endpoint_url)
    return fs.S3FileSystem(
        region=region or None,
        scheme=endpoint.scheme or "https",
        endpoint_override=endpoint.netloc or None,
        request_timeout=_S3_TIMEOUT_SECONDS,
        connect_timeout=_S3_TIMEOUT_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_S3_ATTEMPTS),
    )
