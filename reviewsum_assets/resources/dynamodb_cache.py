"""The summary cache on DynamoDB: an on-demand table with a time to live, made if it is missing.

An item is `pk` (product), `sk` (`locale#variant`), `record` (gzipped JSON) and `expires_at` (epoch seconds).
DynamoDB deletes expired items when it finds time, up to days later, so every read looks at `expires_at` itself.
Credentials come by boto3's default chain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypedDict

from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.resources.summary_cache import Key, SummaryCacheError, expiry, packed, unpacked

BATCH_ITEMS = 25
"""Most items that one BatchWriteItem takes (DynamoDB API reference)."""

MAX_ITEM_BYTES = 400 * 1024
"""Largest item, names of attributes included (DynamoDB API reference)."""

FIRST_DELAY_SECONDS = 0.05
MAX_DELAY_SECONDS = 5.0
"""Back-off between attempts at unprocessed items doubles from the first to the last. It has no jitter: there is one
writer at a time, so there is no herd to spread."""

EXTEND_CONCURRENCY = 16
"""UpdateItem requests in flight: there is no batch form of it."""

AttributeValue = Mapping[str, str | bytes]
"""A typed value as DynamoDB writes it: `{"S": text}`, `{"N": digits}`, `{"B": bytes}`."""


class ScanPage(TypedDict):
    """What is read of an answer to Scan; `Items` is absent where only the count was asked for."""

    Items: list[dict[str, dict[str, str]]]
    Count: int


class DynamoDbSummaryCache:
    """`SummaryCache` in one DynamoDB table.

    Writes make the table if it is missing; reads of a missing table find nothing, so that a reader needs no right to
    make one. Reads are strongly consistent: a withdrawn record is gone at once. `put` and `delete` are not one
    transaction: an error names how many items were left, and the same call again completes it.

    Args:
        table: Name of the table.
        region: AWS region.
        endpoint_url: Address of an AWS-compatible server; empty: AWS.
        max_attempts: Attempts at a batch before an error.
        clock: Now, in epoch seconds.
        sleep: Waits that many seconds.

    Raises:
        SummaryCacheError: if boto3 is not installed.
    """

    def __init__(
        self,
        table: str,
        *,
        region: str,
        endpoint_url: str = "",
        max_attempts: int = 10,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise SummaryCacheError("the DynamoDB cache needs boto3: pip install 'reviewsum[aws]'") from error

        self.table = table
        self._max_attempts = max_attempts
        self._clock = clock
        self._sleep = sleep
        self._table_ready = False
        self._client = boto3.client(
            "dynamodb",
            region_name=region,
            endpoint_url=endpoint_url or None,
            config=Config(
                # Refused and failed requests as a whole; unprocessed items of an accepted batch are retried below.
                retries={"mode": "standard", "max_attempts": 6},
                connect_timeout=5,
                read_timeout=15,
                max_pool_connections=EXTEND_CONCURRENCY,
            ),
        )

    def put(self, records: Iterable[SummaryRecord], ttl_seconds: int) -> int:
        """Write or replace records; returns how many keys. Of one key twice the last one wins.

        Raises:
            SummaryCacheError: before any write, if a record is too large for an item; else if items stay unprocessed.
        """
        expires_at = expiry(self._clock(), ttl_seconds)
        items = {record.key: _item(record, expires_at) for record in records}
        self._write([{"PutRequest": {"Item": item}} for item in items.values()])
        return len(items)

    def get(self, product_id: str, locale: str, variant: str) -> SummaryRecord | None:
        """The record, or None where there is none or its time has run out."""
        key = (product_id, locale, variant)
        try:
            answer = self._client.get_item(TableName=self.table, Key=_item_key(key), ConsistentRead=True)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        item = answer.get("Item")
        if item is None or int(item["expires_at"]["N"]) <= self._clock():
            return None
        return unpacked(item["record"]["B"], key)

    def delete(self, keys: Iterable[Key]) -> int:
        """Remove records; returns how many distinct keys were asked for.

        Raises:
            SummaryCacheError: if items stay unprocessed.
        """
        asked = list(dict.fromkeys(keys))
        self._write([{"DeleteRequest": {"Key": _item_key(key)}} for key in asked])
        return len(asked)

    def extend(self, keys: Iterable[Key], ttl_seconds: int) -> int:
        """Give records a new time to live from now; returns how many there were. Records are not rewritten."""
        expires_at = expiry(self._clock(), ttl_seconds)
        asked = iter(dict.fromkeys(keys))
        extended = 0
        with ThreadPoolExecutor(EXTEND_CONCURRENCY) as pool:
            while page := list(islice(asked, 1_000)):
                extended += sum(pool.map(lambda key: self._extend_one(key, expires_at), page))
        return extended

    def keys(self) -> Iterator[Key]:
        """All keys whose time has not run out, in the table's order."""
        for page in self._scan(ProjectionExpression="pk, sk"):
            for item in page["Items"]:
                locale, variant = item["sk"]["S"].split("#", 1)
                yield (item["pk"]["S"], locale, variant)

    def count(self) -> int:
        """Records whose time has not run out; reads the whole table."""
        return sum(page["Count"] for page in self._scan(Select="COUNT"))

    def close(self) -> None:
        self._client.close()

    def _extend_one(self, key: Key, expires_at: int) -> bool:
        try:
            self._client.update_item(
                TableName=self.table,
                Key=_item_key(key),
                UpdateExpression="SET expires_at = :then",
                ConditionExpression="attribute_exists(pk) AND expires_at > :now",
                ExpressionAttributeValues={":then": {"N": str(expires_at)}, ":now": {"N": repr(self._clock())}},
            )
        except (
            self._client.exceptions.ConditionalCheckFailedException,
            self._client.exceptions.ResourceNotFoundException,
        ):
            return False
        return True

    def _scan(self, **what: str) -> Iterator[ScanPage]:
        try:
            yield from self._client.get_paginator("scan").paginate(
                TableName=self.table,
                FilterExpression="expires_at > :now",
                ExpressionAttributeValues={":now": {"N": repr(self._clock())}},
                ConsistentRead=True,
                **what,
            )
        except self._client.exceptions.ResourceNotFoundException:
            return

    def _write(self, requests: Sequence[Mapping[str, object]]) -> None:
        """Send all write requests, each key at most once, in batches; wait and resend what comes back unprocessed."""
        if not requests:
            return
        self._ensure_table()
        for start in range(0, len(requests), BATCH_ITEMS):
            pending: Sequence[Mapping[str, object]] = requests[start : start + BATCH_ITEMS]
            for attempt in range(self._max_attempts):
                if attempt:
                    self._sleep(min(MAX_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (attempt - 1)))
                answer = self._client.batch_write_item(RequestItems={self.table: pending})
                pending = answer.get("UnprocessedItems", {}).get(self.table, [])
                if not pending:
                    break
            else:
                left = len(pending) + max(0, len(requests) - start - BATCH_ITEMS)
                raise SummaryCacheError(
                    f"DynamoDB table {self.table} left {left} of {len(requests)} items unwritten after "
                    f"{self._max_attempts} attempts at a batch: it is throttled, run the same step again later"
                )

    def _ensure_table(self) -> None:
        """Make the table (on demand, time to live on `expires_at`) if it is missing; once an instance."""
        if self._table_ready:
            return
        try:
            self._client.describe_table(TableName=self.table)
        except self._client.exceptions.ResourceNotFoundException:
            self._create_table()
        self._client.get_waiter("table_exists").wait(TableName=self.table, WaiterConfig={"Delay": 1})
        lifetime = self._client.describe_time_to_live(TableName=self.table)["TimeToLiveDescription"]
        if lifetime["TimeToLiveStatus"] == "DISABLED":
            self._client.update_time_to_live(
                TableName=self.table,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
            )
        self._table_ready = True

    def _create_table(self) -> None:
        try:
            self._client.create_table(
                TableName=self.table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
            )
        except self._client.exceptions.ResourceInUseException:
            # Another process made it between our look and our try.
            return


def _item_key(key: Key) -> dict[str, AttributeValue]:
    product_id, locale, variant = key
    return {"pk": {"S": product_id}, "sk": {"S": f"{locale}#{variant}"}}


def _item(record: SummaryRecord, expires_at: int) -> dict[str, AttributeValue]:
    item = _item_key(record.key) | {"record": {"B": packed(record)}, "expires_at": {"N": str(expires_at)}}
    size = sum(len(name) + sum(map(_size, value.values())) for name, value in item.items())
    if size > MAX_ITEM_BYTES:
        raise SummaryCacheError(
            f"the record {'/'.join(record.key)} takes {size // 1024} kB compressed and DynamoDB holds "
            f"{MAX_ITEM_BYTES // 1024} kB: lower REVIEWSUM_QUOTES_PER_CLAIM, or use the SQLite cache"
        )
    return item


def _size(value: str | bytes) -> int:
    return len(value) if isinstance(value, bytes) else len(value.encode())
