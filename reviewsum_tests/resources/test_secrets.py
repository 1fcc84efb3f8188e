"""A key given by reference is the key it refers to; a reference that leads nowhere says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from reviewsum_assets.resources.secrets import SecretError, hashing_key, resolve_secret
from reviewsum_assets.settings import Settings


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def settings_with(home: Path, key: str | None, endpoint: str = "") -> Settings:
    secret = SecretStr(key) if key is not None else None
    return Settings(home=home, hash_key=secret, aws_endpoint_url=endpoint, aws_region="eu-central-1")


def test_a_literal_is_the_key(tmp_path: Path) -> None:
    assert hashing_key(settings_with(tmp_path, "a literal key of the tests")) == b"a literal key of the tests"


def test_no_key_is_made_once_and_kept_under_the_home(tmp_path: Path) -> None:
    first = hashing_key(settings_with(tmp_path, None))
    assert hashing_key(settings_with(tmp_path, None)) == first
    assert (tmp_path / "hash.key").read_text().strip().encode() == first


def test_a_key_comes_from_an_environment_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_KEY", "kept in the environment")
    assert hashing_key(settings_with(tmp_path, "env:TEAM_KEY")) == b"kept in the environment"


def test_a_key_comes_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("kept in a file\n")
    assert hashing_key(settings_with(tmp_path, f"file:{tmp_path / 'key'}")) == b"kept in a file"


def test_a_key_comes_from_aws_by_name_and_by_arn(tmp_path: Path, aws: str) -> None:
    client = boto3.client("secretsmanager", region_name="eu-central-1", endpoint_url=aws)
    arn = client.create_secret(Name="reviewsum/hash", SecretString="kept at AWS, long enough")["ARN"]
    for reference in ("reviewsum/hash", arn):
        key = hashing_key(settings_with(tmp_path, f"aws-secretsmanager:{reference}", aws))
        assert key == b"kept at AWS, long enough"
    with pytest.raises(SecretError, match=r"ResourceNotFoundException for nothing/here"):
        hashing_key(settings_with(tmp_path, "aws-secretsmanager:nothing/here", aws))


@pytest.mark.parametrize(
    ("reference", "said"),
    [("env:NOT_SET_ANYWHERE", "NOT_SET_ANYWHERE is not set"), ("file:/no/such/key", "cannot read")],
)
def test_a_reference_that_leads_nowhere_says_so_in_one_line(reference: str, said: str) -> None:
    with pytest.raises(SecretError, match=said) as error:
        resolve_secret(reference, setting="REVIEWSUM_HASH_KEY")
    assert str(error.value).startswith("REVIEWSUM_HASH_KEY")
    assert "\n" not in str(error.value)


def test_a_file_with_nothing_in_it_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    with pytest.raises(SecretError, match="empty"):
        resolve_secret(f"file:{tmp_path / 'key'}", setting="REVIEWSUM_HASH_KEY")
