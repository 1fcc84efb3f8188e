"""Both summary caches keep one contract; each also keeps what only its own world can break."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from statistics import median
from threading import Thread

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from reviewsum_assets.contracts.records import Attempt, Citation, Claim, Generator, Sentence, SummaryRecord
from reviewsum_assets.resources.dynamodb_cache import BATCH_ITEMS, DynamoDbSummaryCache
from reviewsum_assets.resources.sqlite_file import SqliteFileError
from reviewsum_assets.resources.summary_cache import SqliteSummaryCache, SummaryCacheError, make_cache
from reviewsum_assets.settings import Settings

REGION = "eu-central-1"
WEEK_SECONDS = 7 * 24 * 3600

Cache = SqliteSummaryCache | DynamoDbSummaryCache


class Clock:
    """A clock that a test turns by hand, in epoch seconds."""

    def __init__(self) -> None:
        self.now = 1_780_000_000.25

    def __call__(self) -> float:
        return self.now


def record(product_id: str, locale: str = "en", variant: str = "champion", words: str = "It lasts.") -> SummaryRecord:
    """A record of about the size of a published one: four pros and four cons with three quotes each."""

    def claim(aspect: str) -> Claim:
        quotes = tuple(
            Citation(review_id=f"{product_id}-{n}", quote=f"{aspect}: {words} ({n})", start=n, end=n + 40)
            for n in range(3)
        )
        return Claim(aspect=aspect, text=f"Buyers on {aspect}: {words}", support=12, share=0.24, citations=quotes)

    return SummaryRecord(
        product_id=product_id,
        product_title="Kettle „Größe M“ – 1,7 l",
        category="kitchen",
        locale=locale,
        variant=variant,
        status="published",
        attempt=Attempt(status="ok", at=datetime(2026, 3, 1, tzinfo=UTC)),
        summary=(Sentence(text=words, citations=claim("battery").citations),),
        pros=tuple(claim(aspect) for aspect in ("battery", "price", "design", "sound")),
        cons=tuple(claim(aspect) for aspect in ("strap", "delivery", "manual", "noise")),
        review_count=50,
        set_aside={"duplicate": 2},
        as_of=datetime(2026, 2, 28, 12, tzinfo=UTC),
        fingerprint="f" * 64,
        disclosure="Written by a machine from customer reviews.",
        generator=Generator(engine="template", prompt_version="1"),
    )


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """Address of a server that answers as AWS does, with credentials for it in the environment."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "test")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        try:
            yield f"http://{host}:{port}"
        finally:
            server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table_name(request: pytest.FixtureRequest) -> str:
    """A table of its own for each test."""
    return "summaries-" + "".join(c if c.isalnum() else "-" for c in request.node.name)


@pytest.fixture(params=["sqlite", "dynamodb"])
def cache(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, table_name: str) -> Iterator[Cache]:
    made: Cache
    if request.param == "sqlite":
        made = SqliteSummaryCache(tmp_path / "cache" / "summaries.db", clock=clock)
    else:
        address = request.getfixturevalue("aws")
        made = DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=address, clock=clock)
    with closing(made):
        yield made


class TestContract:
    """What every summary cache does."""

    def test_a_record_comes_back_as_it_was_written(self, cache: Cache) -> None:
        written = record("kettle", "de", words="Kocht schnell – für 2 Tassen reicht’s 👍")
        assert cache.put([written], WEEK_SECONDS) == 1
        assert cache.get("kettle", "de", "champion") == written

    def test_before_the_first_write_the_cache_is_empty(self, cache: Cache) -> None:
        assert cache.get("kettle", "en", "champion") is None
        assert list(cache.keys()) == []
        assert cache.count() == 0
        assert cache.extend([("kettle", "en", "champion")], WEEK_SECONDS) == 0

    def test_locale_and_variant_are_part_of_the_key(self, cache: Cache) -> None:
        records = [record("kettle", "en"), record("kettle", "fr"), record("kettle", "en", "challenger")]
        assert cache.put(records, WEEK_SECONDS) == 3
        assert [cache.get(*each.key) for each in records] == records
        assert cache.get("kettle", "fr", "challenger") is None

    def test_a_second_write_replaces_the_first(self, cache: Cache) -> None:
        cache.put([record("kettle", words="Old.")], WEEK_SECONDS)
        cache.put([record("kettle", words="New.")], WEEK_SECONDS)
        found = cache.get("kettle", "en", "champion")
        assert found is not None
        assert found.summary[0].text == "New."
        assert cache.count() == 1

    def test_of_a_key_written_twice_in_one_call_the_last_wins(self, cache: Cache) -> None:
        assert cache.put([record("kettle", words="Old."), record("kettle", words="New.")], WEEK_SECONDS) == 1
        found = cache.get("kettle", "en", "champion")
        assert found is not None
        assert found.summary[0].text == "New."

    def test_a_record_is_there_until_its_time_runs_out_and_gone_after(self, cache: Cache, clock: Clock) -> None:
        cache.put([record("kettle")], ttl_seconds=60)
        clock.now += 60
        assert cache.get("kettle", "en", "champion") is not None
        clock.now += 1
        assert cache.get("kettle", "en", "champion") is None
        assert list(cache.keys()) == []
        assert cache.count() == 0

    def test_extend_prolongs_the_records_that_are_there_and_counts_them(self, cache: Cache, clock: Clock) -> None:
        cache.put([record("kettle"), record("toaster")], ttl_seconds=60)
        clock.now += 30
        asked = [("kettle", "en", "champion"), ("unknown", "en", "champion")]
        assert cache.extend(asked, ttl_seconds=600) == 1
        clock.now += 500
        assert list(cache.keys()) == [("kettle", "en", "champion")]

    def test_extend_does_not_revive_a_record_whose_time_has_run_out(self, cache: Cache, clock: Clock) -> None:
        cache.put([record("kettle")], ttl_seconds=60)
        clock.now += 100
        assert cache.extend([("kettle", "en", "champion")], ttl_seconds=600) == 0
        assert cache.get("kettle", "en", "champion") is None

    def test_delete_removes_what_is_there_and_counts_what_was_asked(self, cache: Cache) -> None:
        cache.put([record("kettle"), record("toaster")], WEEK_SECONDS)
        unknown = ("unknown", "en", "champion")
        assert cache.delete([("kettle", "en", "champion"), unknown, unknown]) == 2
        assert list(cache.keys()) == [("toaster", "en", "champion")]

    def test_hundreds_of_records_pass_in_one_call(self, cache: Cache) -> None:
        records = [record(f"product-{n:03}", locale) for n in range(60) for locale in ("en", "de")]
        assert cache.put(iter(records), WEEK_SECONDS) == 120
        assert sorted(cache.keys()) == sorted(each.key for each in records)
        assert cache.count() == 120
        assert cache.extend((each.key for each in records), WEEK_SECONDS) == 120
        assert cache.delete(each.key for each in records) == 120
        assert cache.count() == 0

    def test_nothing_to_write_is_no_error(self, cache: Cache) -> None:
        assert cache.put([], WEEK_SECONDS) == 0
        assert cache.delete([]) == 0
        assert cache.extend([], WEEK_SECONDS) == 0

    def test_if_the_records_cannot_be_made_nothing_is_written(self, cache: Cache) -> None:
        def failing() -> Iterator[SummaryRecord]:
            yield record("kettle")
            raise RuntimeError("the writer broke")

        with pytest.raises(RuntimeError, match="the writer broke"):
            cache.put(failing(), WEEK_SECONDS)
        assert cache.count() == 0

    @pytest.mark.parametrize("ttl_seconds", [0, -1])
    def test_a_time_to_live_that_is_not_positive_is_refused(self, cache: Cache, ttl_seconds: int) -> None:
        with pytest.raises(ValueError, match="use `delete`"):
            cache.put([record("kettle")], ttl_seconds)
        with pytest.raises(ValueError, match="use `delete`"):
            cache.extend([("kettle", "en", "champion")], ttl_seconds)


WRITER = """
import json, sys
from pathlib import Path
from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.resources.summary_cache import SqliteSummaryCache

template = SummaryRecord.model_validate_json(sys.stdin.readline())
cache = SqliteSummaryCache(Path(sys.argv[1]))
for generation in range(1_000_000):
    cache.put(
        (template.model_copy(update={"product_id": f"{sys.argv[2]}-{n}", "fingerprint": str(generation)})
         for n in range(40)),
        3600,
    )
    print(generation, flush=True)
"""


def writer(path: Path, name: str) -> subprocess.Popen[str]:
    """A process that puts generation after generation of the same 40 records and prints each when it is done."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(record("template").to_json().decode() + "\n")
    process.stdin.flush()
    return process


class TestSqlite:
    def test_a_killed_writer_leaves_whole_calls_only_and_none_that_it_reported_is_lost(self, tmp_path: Path) -> None:
        path = tmp_path / "summaries.db"
        random = Random(7)
        for _ in range(3):
            process = writer(path, "killed")
            assert process.stdout is not None
            reported = [process.stdout.readline() for _ in range(2)]
            time.sleep(random.uniform(0, 0.05))
            os.kill(process.pid, signal.SIGKILL)
            reported += process.communicate()[0].splitlines()
            with closing(SqliteSummaryCache(path)) as cache:
                found = [cache.get(f"killed-{n}", "en", "champion") for n in range(40)]
            generations = {each.fingerprint for each in found if each is not None}
            assert None not in found
            assert len(generations) == 1
            assert int(generations.pop()) >= int(reported[-1])

    def test_readers_see_whole_calls_while_two_processes_write(self, tmp_path: Path) -> None:
        path = tmp_path / "summaries.db"
        writers = [writer(path, "left"), writer(path, "right")]
        try:
            for process in writers:
                assert process.stdout is not None
                process.stdout.readline()
            with closing(SqliteSummaryCache(path)) as cache:
                until = time.monotonic() + 0.5
                while time.monotonic() < until:
                    assert cache.count() == 80
                    assert len(list(cache.keys())) == 80
                cache.put([record("third")], 3600)
                assert cache.count() == 81
            assert [process.poll() for process in writers] == [None, None]
        finally:
            for process in writers:
                process.kill()
                process.communicate()

    def test_many_processes_may_open_a_new_file_at_once(self, tmp_path: Path) -> None:
        writers = [writer(tmp_path / "summaries.db", str(n)) for n in range(4)]
        try:
            for process in writers:
                assert process.stdout is not None
                assert process.stdout.readline() == "0\n"
        finally:
            for process in writers:
                process.kill()
                process.communicate()

    def test_a_write_removes_the_bytes_of_records_whose_time_has_run_out(self, tmp_path: Path, clock: Clock) -> None:
        with closing(SqliteSummaryCache(tmp_path / "summaries.db", clock=clock)) as cache:
            cache.put([record("kettle"), record("toaster")], ttl_seconds=60)
            clock.now += 100
            cache.put([record("grill")], ttl_seconds=60)
            assert cache.purge_expired() == 0
            clock.now += 100
            assert cache.purge_expired() == 1

    def test_after_delete_and_flush_no_file_holds_the_product_any_more(self, tmp_path: Path) -> None:
        def holding(marker: bytes) -> list[str]:
            return [file.name for file in tmp_path.iterdir() if marker in file.read_bytes()]

        with closing(SqliteSummaryCache(tmp_path / "summaries.db")) as cache:
            cache.put([record("erased-person-product"), record("kettle")], WEEK_SECONDS)
            assert holding(b"erased-person-product")
            cache.delete([("erased-person-product", "en", "champion")])
            cache.flush_deleted()
            assert holding(b"erased-person-product") == []
            assert cache.count() == 1

    def test_keys_go_on_over_many_pages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reviewsum_assets.resources.summary_cache.KEYS_PAGE", 7)
        with closing(SqliteSummaryCache(tmp_path / "summaries.db")) as cache:
            keys = sorted(record(f"p{n % 5}", locale, f"v{n}").key for n in range(5) for locale in ("en", "fr", "de"))
            cache.put((record(*key) for key in keys), WEEK_SECONDS)
            for _ in range(2):
                assert list(cache.keys()) == keys
                cache.delete([keys.pop()])

    def test_a_warm_read_takes_well_under_a_millisecond(self, tmp_path: Path) -> None:
        with closing(SqliteSummaryCache(tmp_path / "summaries.db")) as cache:
            cache.put((record(f"product-{n}") for n in range(500)), WEEK_SECONDS)
            random, seconds = Random(1), []
            for _ in range(400):
                product_id = f"product-{random.randrange(500)}"
                started = time.perf_counter()
                found = cache.get(product_id, "en", "champion")
                seconds.append(time.perf_counter() - started)
                assert found is not None
            assert median(seconds) < 0.001

    def test_threads_read_and_write_side_by_side(self, tmp_path: Path) -> None:
        with closing(SqliteSummaryCache(tmp_path / "summaries.db")) as cache, ThreadPoolExecutor(4) as pool:
            written = pool.map(lambda n: cache.put([record(f"p{n}")], WEEK_SECONDS), range(40))
            assert sum(written) == 40
            found = pool.map(lambda n: cache.get(f"p{n}", "en", "champion"), range(40))
            assert [each.product_id for each in found if each] == [f"p{n}" for n in range(40)]

    def test_equal_records_are_stored_as_equal_bytes(self, tmp_path: Path, clock: Clock) -> None:
        for name in ("a.db", "b.db"):
            with closing(SqliteSummaryCache(tmp_path / name, clock=clock)) as cache:
                cache.put([record("kettle"), record("toaster")], WEEK_SECONDS)
                cache.flush_deleted()
        assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()

    def test_a_file_of_another_version_or_kind_is_refused_with_advice(self, tmp_path: Path) -> None:
        path = tmp_path / "summaries.db"
        SqliteSummaryCache(path).close()
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA user_version = 99")
        with pytest.raises(SqliteFileError, match=r"version 99.*move the file away"):
            SqliteSummaryCache(path)
        (tmp_path / "notes.db").write_text("not a database at all, " * 100)
        with pytest.raises(SqliteFileError, match="not a SQLite database"):
            SqliteSummaryCache(tmp_path / "notes.db")

    def test_a_record_of_another_contract_is_named_with_advice(self, tmp_path: Path) -> None:
        path = tmp_path / "summaries.db"
        with closing(SqliteSummaryCache(path)) as cache:
            cache.put([record("kettle")], WEEK_SECONDS)
            with closing(sqlite3.connect(path)) as other, other:
                other.execute("UPDATE summaries SET record = ?", (gzip.compress(b'{"unknown": 1}'),))
            with pytest.raises(SummaryCacheError, match=r"kettle/en/champion.*reviewsum refresh"):
                cache.get("kettle", "en", "champion")


class ThrottlingProxy(BaseHTTPRequestHandler):
    """Stands before DynamoDB and lets only some items of each batch write through, as a busy table does."""

    upstream: str
    lets_through: Callable[[int], int]
    batches: list[int]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        held_back: dict[str, list[object]] = {}
        if self.headers["X-Amz-Target"].endswith("BatchWriteItem"):
            asked = json.loads(body)
            ((table, items),) = asked["RequestItems"].items()
            self.batches.append(len(items))
            passing = type(self).lets_through(len(items))
            held_back = {table: items[passing:]} if items[passing:] else {}
            asked["RequestItems"] = {table: items[:passing]}
            body = json.dumps(asked).encode() if passing else b""
        answer = self._forward(body) if body else b'{"UnprocessedItems": {}}'
        if held_back:
            answer = json.dumps(json.loads(answer) | {"UnprocessedItems": held_back}).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _forward(self, body: bytes) -> bytes:
        connection = HTTPConnection(self.upstream)
        headers = {name: self.headers[name] for name in ("X-Amz-Target", "Content-Type", "Authorization")}
        connection.request("POST", "/", body=body, headers=headers)
        response = connection.getresponse()
        self.status = response.status
        try:
            return response.read()
        finally:
            connection.close()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def throttled(address: str, lets_through: Callable[[int], int]) -> Iterator[tuple[str, list[int]]]:
    """Address of a proxy before `address`, and the sizes of the batches that reach it."""
    batches: list[int] = []
    handler = type(
        "Handler",
        (ThrottlingProxy,),
        {
            "upstream": address.removeprefix("http://"),
            "lets_through": staticmethod(lets_through),
            "batches": batches,
        },
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", batches
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestDynamoDb:
    def test_unprocessed_items_are_sent_again_after_growing_waits(self, aws: str, table_name: str) -> None:
        waits: list[float] = []
        with throttled(aws, lambda items: (items + 1) // 2) as (address, batches):
            cache = DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=address, sleep=waits.append)
            assert cache.put([record(f"p{n}") for n in range(BATCH_ITEMS)], WEEK_SECONDS) == BATCH_ITEMS
            assert cache.count() == BATCH_ITEMS
            cache.close()
        assert batches == [25, 12, 6, 3, 1]
        assert waits == pytest.approx([0.05, 0.1, 0.2, 0.4])

    def test_a_table_that_stays_throttled_ends_in_an_error_that_counts_what_is_left(
        self, aws: str, table_name: str
    ) -> None:
        waits: list[float] = []
        with throttled(aws, lambda items: 2 if items > 5 else 0) as (address, batches):
            cache = DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=address, sleep=waits.append)
            with pytest.raises(SummaryCacheError, match="left 4 of 10 items unwritten after 10 attempts"):
                cache.put([record(f"p{n}") for n in range(10)], WEEK_SECONDS)
            assert batches == [10, 8, 6, *[4] * 7]
            assert cache.count() == 6
            cache.close()
        assert max(waits) == 5.0
        assert len(waits) == 9

    def test_the_same_call_completes_what_a_throttled_one_left(self, aws: str, table_name: str) -> None:
        records = [record(f"p{n}") for n in range(60)]
        with throttled(aws, lambda items: items - 1) as (address, _):
            cache = DynamoDbSummaryCache(
                table_name, region=REGION, endpoint_url=address, sleep=lambda _: None, max_attempts=2
            )
            with pytest.raises(SummaryCacheError, match="left 36 of 60"):
                cache.put(records, WEEK_SECONDS)
            cache.close()
        with closing(DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=aws)) as direct:
            assert direct.put(records, WEEK_SECONDS) == 60
            assert direct.count() == 60

    def test_the_table_is_made_on_demand_with_a_time_to_live(self, aws: str, table_name: str) -> None:
        with closing(DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=aws)) as cache:
            cache.put([record("kettle")], WEEK_SECONDS)
        client = boto3.client("dynamodb", region_name=REGION, endpoint_url=aws)
        table = client.describe_table(TableName=table_name)["Table"]
        assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert {(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]} == {
            ("pk", "HASH"),
            ("sk", "RANGE"),
        }
        lifetime = client.describe_time_to_live(TableName=table_name)["TimeToLiveDescription"]
        assert lifetime == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        item = client.get_item(TableName=table_name, Key={"pk": {"S": "kettle"}, "sk": {"S": "en#champion"}})["Item"]
        assert float(item["expires_at"]["N"]) == pytest.approx(time.time() + WEEK_SECONDS, abs=30)

    def test_a_second_instance_uses_the_table_that_is_there(self, aws: str, table_name: str) -> None:
        for product_id in ("kettle", "toaster"):
            with closing(DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=aws)) as cache:
                cache.put([record(product_id)], WEEK_SECONDS)
                assert cache.get(product_id, "en", "champion") is not None
        assert cache.count() == 2

    def test_a_large_record_passes_compressed(self, aws: str, table_name: str) -> None:
        large = record("kettle", words="It boils two litres of water in four minutes. " * 900)
        assert len(large.to_json()) > 1_000_000
        with closing(DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=aws)) as cache:
            cache.put([large], WEEK_SECONDS)
            assert cache.get("kettle", "en", "champion") == large

    def test_a_record_too_large_even_compressed_is_refused_before_anything_is_written(
        self, aws: str, table_name: str
    ) -> None:
        noise = Random(3).randbytes(600_000).hex()
        with closing(DynamoDbSummaryCache(table_name, region=REGION, endpoint_url=aws)) as cache:
            too_large = record("kettle").model_copy(update={"product_title": noise})
            with pytest.raises(SummaryCacheError, match=r"kettle/en/champion takes .* kB compressed.*400 kB"):
                cache.put([record("toaster"), too_large], WEEK_SECONDS)
            assert cache.count() == 0


class TestChoice:
    def test_the_local_profile_keeps_summaries_in_a_file_under_the_home(self, tmp_path: Path) -> None:
        cache = make_cache(Settings(home=tmp_path, hash_key=SecretStr("k"), profile="local", cache=None))
        assert isinstance(cache, SqliteSummaryCache)
        cache.put([record("kettle")], WEEK_SECONDS)
        assert list((tmp_path / "cache").glob("summaries.db"))

    def test_the_aws_profile_keeps_them_in_the_table_of_the_settings(
        self, aws: str, table_name: str, tmp_path: Path
    ) -> None:
        cache = make_cache(
            Settings(home=tmp_path, profile="aws", dynamodb_table=table_name, aws_endpoint_url=aws, aws_region=REGION)
        )
        assert isinstance(cache, DynamoDbSummaryCache)
        cache.put([record("kettle")], WEEK_SECONDS)
        client = boto3.client("dynamodb", region_name=REGION, endpoint_url=aws)
        assert client.scan(TableName=table_name)["Count"] == 1
