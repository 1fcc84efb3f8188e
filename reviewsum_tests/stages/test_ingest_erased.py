"""A source that still holds rows of the erased, as a shop's own table may, brings none of them into the lake."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from reviewsum_assets.contracts.source import RejectedRow, SourceRow
from reviewsum_assets.contracts.tables import RawReviews, RejectedReviews
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import ingest

DAY = "2026-08-02"


def test_rows_and_dead_letters_with_a_tombstone_are_left_out_and_counted(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home",
        start_date=datetime(2026, 8, 1).date(),
        hash_key=SecretStr("a key of the tests, long enough"),
    )
    platform = Platform(settings)
    keyed = platform.keyed_hash
    written = datetime(2026, 8, 2, 9, tzinfo=UTC)
    owners = [("R1", "anna"), ("R2", "bert"), ("R3", "bert"), ("R4", "carla")]
    platform.source.upsert(
        [SourceRow(review, "P1", "Mug", "Mugs", user, 4, f"Words of {user}.", written) for review, user in owners]
    )
    raws = [("a:1", f'{{"user_id":"{keyed.text("anna")}"}}', None), ("a:2", "{", "R3"), ("a:3", "{", "R9")]
    platform.source.add_dead_letters(
        [RejectedRow(origin, f"hash {origin}", "bad", "x", raw, review, "P1", written) for origin, raw, review in raws]
    )
    erased = Erased({keyed.user("anna")}, {keyed.text("anna")}, {keyed.review("R3")})
    platform.tombstones.start("k", erased, actor="x", counts={})
    state = ingest.source_days(platform, DAY)[DAY]
    raw, rejected = ingest.ingest_day(platform, DAY, state, DAY)
    assert raw.failed_blocking == ()
    assert raw.measures["erased"] == 4
    accounted = next(check for check in raw.checks if check.name == "every_row_in_one_place")
    assert accounted.measures == {"source_rows": 7, "raw_rows": 2, "rejected_rows": 1, "erased_rows": 4}
    assert platform.lake.read(ingest.RAW, RawReviews, DAY)["review_id"].to_pylist() == ["R2", "R4"]
    assert platform.lake.read(ingest.REJECTED, RejectedReviews, DAY)["origin"].to_pylist() == ["a:3"]
    assert rejected.rows == 1
