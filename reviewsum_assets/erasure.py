"""`reviewsum erase`: a person's reviews out of everything that the platform stores, and the proof of it.

1. Tombstones, with what the proof will look for as keyed hashes, and an audit entry: one transaction.
2. The source: rows and dead letters deleted for good. Of a shop's own table nothing is: its rows are the shop's, and
   the tombstones keep them out.
3. A refresh: their days, counts, records and cache are made without them, as ordinary recorded runs.
4. A sweep: what the refresh kept out or could not reach; a record that still cites them is withdrawn.
5. Residue: old versions of LanceDB, answers of the model, logs, free pages of every SQLite file.
6. The proof: a search over the whole state; only if it holds is the erasure done and its list of hashes forgotten.

Each step is done by what is there, not by what an earlier one remembers: killed at any moment, the same command again
ends in the same state. It also finishes erasures that others left half done.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from reviewsum_assets.refresh import LOCK_TIMEOUT_SECONDS, refresh
from reviewsum_assets.refresh_report import RefreshError
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.resources.writer_lock import writer_lock
from reviewsum_assets.stages import erasure_proof, erasure_scope, erasure_sweep
from reviewsum_assets.stages.erasure_proof import Proof
from reviewsum_assets.stages.erasure_scope import ErasedRows
from reviewsum_assets.stages.land import landing_lock

Step = Callable[[str], None]

STEPS = ("find", "tombstones", "source", "refresh", "sweep", "residue", "proof", "audit")


@dataclass
class ErasureReport:
    """What an erasure found, removed and proved; counts and places, never words or ids."""

    users: int = 0
    reviews: int = 0
    """Reviews named, or found of the users."""
    found: dict[str, int] = field(default_factory=dict)
    """Rows of theirs by place, before anything was removed."""
    removed: dict[str, int] = field(default_factory=dict)
    """What the steps after the refresh removed, by place."""
    rows_at_shop: int = 0
    """Of those found, rows in the shop's own table, which is only read: they stay there until the shop deletes them."""
    records_rewritten: int = 0
    """Records that cited them and were written anew, by the engine or the template."""
    records_withdrawn: int = 0
    refresh_error: str = ""
    """Why the refresh did not get everything done; records that cited them are withdrawn then."""
    ids_too_short: int = 0
    """Ids that are looked for in columns of ids alone: in other bytes they occur by chance."""
    finished: int = 0
    """Erasures that were left half done and are finished with this one."""
    proof: dict[str, object] = field(default_factory=dict)
    dry_run: bool = False
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        return bool(self.proof.get("holds"))


def preview(platform: Platform, user_ids: Collection[str], review_ids: Collection[str]) -> ErasureReport:
    """What an erasure would remove; nothing is written."""
    started = time.perf_counter()
    scope = erasure_scope.find(platform, user_ids, review_ids)
    report = _report(platform, scope, user_ids)
    report.dry_run = True
    report.seconds = round(time.perf_counter() - started, 2)
    return report


def erase(
    platform: Platform,
    user_ids: Collection[str],
    review_ids: Collection[str],
    *,
    actor: str,
    on_step: Step = lambda step: None,
) -> ErasureReport:
    """Erase users (with all their reviews) and reviews; see the module for the steps.

    Args:
        user_ids: Ids as the shop writes them.
        review_ids: Ids of single reviews.
        actor: Who asked for it, for the audit log.
        on_step: Called before each of `STEPS`.

    Raises:
        ValueError: if nobody is named.
        WriterLockTimeoutError: if a refresh holds the lock for an hour.
    """
    if not user_ids and not review_ids:
        raise ValueError("name whom to erase: --user ID, --review ID or --from-file FILE")
    started = time.perf_counter()
    with writer_lock(platform.settings.root / "refresh.lock", "erase", LOCK_TIMEOUT_SECONDS):
        on_step("find")
        scope = erasure_scope.find(platform, user_ids, review_ids)
        report = _report(platform, scope, user_ids)

        on_step("tombstones")
        key = _key(platform, user_ids, review_ids)
        counts = {"users": report.users, "reviews": report.reviews, **report.found}
        left_half_done = platform.tombstones.pending()
        platform.tombstones.start(key, scope.erased, actor=actor, counts=counts)
        pending = platform.tombstones.pending()
        everyone = Erased()
        for erased in pending.values():
            everyone |= erased
        report.finished = len(set(left_half_done) - {key})

        on_step("source")
        _delete_from_source(platform, everyone)

        on_step("refresh")
        # Where nothing was found nothing can be stale for them.
        stale = bool(scope.found or left_half_done)
        before = _citing(platform, everyone)
        report.refresh_error = _refresh(platform) if stale else ""

        on_step("sweep")
        removed = erasure_sweep.sweep(platform, everyone)
        if removed and not report.refresh_error:
            report.refresh_error = _refresh(platform)
        report.records_withdrawn = removed["lake: product_summaries"]
        report.records_rewritten = max(0, before - report.records_withdrawn)

        on_step("residue")
        removed += erasure_sweep.remove_residue(platform, everyone)
        report.removed = dict(sorted(removed.items()))

        on_step("proof")
        proof = erasure_proof.prove(platform, everyone)
        report.proof = proof.to_dict()
        report.seconds = round(time.perf_counter() - started, 2)

        on_step("audit")
        _audit(platform, pending, report, proof, actor)
    return report


def _delete_from_source(platform: Platform, erased: Erased) -> None:
    source, rows = platform.source_erasure, ErasedRows(platform, erased)
    if source.stays:
        return
    # A landing that began before the tombstones stood may be about to write.
    with landing_lock(platform, "erase"):
        reviews = [review.review_id for review in source.reviews_like(rows.has)]
        reviews += [review_id for review_id in source.noted() if rows.has_review(review_id)]
        letters = [letter.id for letter in source.letters() if rows.has_letter(letter)]
        source.delete(reviews, letters)
        # Others' rows that hold the same words: told from reviews that stay only when theirs are gone.
        source.delete((), erasure_sweep.letters_that_quote(platform, erased))


def _refresh(platform: Platform) -> str:
    """Run what is stale; a failure is told and not raised: what it left is swept."""
    try:
        report = refresh(platform)
    except RefreshError as error:
        return " ".join(str(error).split())[:300]
    except Exception as error:
        # The engine, a setting, Dagster: the words have to go whatever fails. Its message may hold some of them.
        return f"{type(error).__name__}: run `reviewsum refresh` to see it"
    if report.blocked:
        asset, partitions = next(iter(report.blocked.items()))
        return f"{asset}[{partitions[0]}] failed a blocking check: see it in Dagster's UI (`make ui`)"
    return ""


def _citing(platform: Platform, erased: Erased) -> int:
    """Records of the lake that cite the erased."""
    rows = ErasedRows(platform, erased)
    return sum(
        rows.cites(text)
        for partition in platform.lake.partitions("product_summaries")
        for table in platform.lake.batches("product_summaries", partition, columns=["record"])
        for text in table["record"].to_pylist()
    )


def _report(platform: Platform, scope: erasure_scope.Scope, user_ids: Collection[str]) -> ErasureReport:
    source = platform.source_erasure
    return ErasureReport(
        users=len(set(user_ids)),
        reviews=len(scope.erased.review_keys),
        found=dict(sorted(scope.found.items())),
        rows_at_shop=scope.found[source.place] if source.stays else 0,
        ids_too_short=scope.unsearchable_ids,
    )


def _key(platform: Platform, user_ids: Collection[str], review_ids: Collection[str]) -> str:
    """Keyed hash of who is to be erased: the same request, the same key."""
    parts = [*sorted({f"user {one}" for one in user_ids}), *sorted({f"review {one}" for one in review_ids})]
    return platform.keyed_hash.review(hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest())


def _audit(platform: Platform, pending: dict[str, Erased], report: ErasureReport, proof: Proof, actor: str) -> None:
    details: dict[str, object] = {
        "found": report.found,
        "removed": report.removed,
        "records_rewritten": report.records_rewritten,
        "records_withdrawn": report.records_withdrawn,
        "searched_for": proof.searched_for,
        "files": proof.files,
        "bytes": proof.bytes,
        "traces": sum(proof.traces.values()),
    }
    action = "erase finished" if proof.holds else "erase left traces"
    platform.tombstones.finish(pending, actor=actor, action=action, details=details, done=proof.holds)
