"""Secrets by reference: a setting holds the value itself, or says where it is kept.

- `env:NAME`: an environment variable.
- `file:/path`: a file, as Kubernetes and Docker mount secrets; white space around the value is dropped.
- `aws-secretsmanager:NAME_OR_ARN`: AWS Secrets Manager, by boto3's usual credentials.
- anything else is the secret.
"""

from __future__ import annotations

import os
from pathlib import Path

from reviewsum_assets.settings import Settings

ENV, FILE, AWS = "env:", "file:", "aws-secretsmanager:"


class SecretError(RuntimeError):
    """A reference that leads to no secret; the message says what to do and never holds a secret."""


def is_reference(value: str) -> bool:
    """Whether the value says where a secret is kept instead of being one."""
    return value.startswith((ENV, FILE, AWS))


def resolve_secret(value: str, *, setting: str, aws_region: str = "", aws_endpoint_url: str = "") -> str:
    """The secret that a setting holds or refers to.

    Args:
        value: The setting.
        setting: Its environment variable, for the error.
        aws_region: Region of AWS Secrets Manager.
        aws_endpoint_url: Endpoint override, for AWS-compatible servers.

    Raises:
        SecretError: if the reference leads nowhere, or to an empty value.
    """
    if value.startswith(ENV):
        name = value.removeprefix(ENV)
        secret = os.environ.get(name, "")
        where = f"the environment variable {name}"
    elif value.startswith(FILE):
        path = Path(value.removeprefix(FILE)).expanduser()
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no text"
            raise SecretError(f"{setting}: cannot read {path} ({reason}): check the path and who may read it") from None
        where = str(path)
    elif value.startswith(AWS):
        name = value.removeprefix(AWS)
        secret = _from_aws(name, setting, aws_region, aws_endpoint_url)
        where = f"the AWS secret {name}"
    else:
        return value
    if not secret:
        raise SecretError(f"{setting}: {where} is not set or empty: put the secret there")
    return secret


def hashing_key(settings: Settings) -> bytes:
    """Key of the keyed hashes: as set or referred to, else made once and stored under the home.

    Raises:
        SecretError: if the setting refers to a secret that is not there.
    """
    if settings.hash_key is None:
        return settings.hashing_key()
    return resolve_secret(
        settings.hash_key.get_secret_value(),
        setting="REVIEWSUM_HASH_KEY",
        aws_region=settings.aws_region,
        aws_endpoint_url=settings.aws_endpoint_url,
    ).encode()


def _from_aws(name: str, setting: str, region: str, endpoint_url: str) -> str:
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise SecretError(f"{setting}: AWS Secrets Manager needs boto3: pip install 'reviewsum[aws]'") from None
    client = boto3.client("secretsmanager", region_name=region or None, endpoint_url=endpoint_url or None)
    try:
        answer = client.get_secret_value(SecretId=name)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "error")
        raise SecretError(
            f"{setting}: AWS Secrets Manager answers {code} for {name}: check the name, the region and the role"
        ) from None
    except BotoCoreError as error:
        raise SecretError(f"{setting}: AWS Secrets Manager cannot be asked ({type(error).__name__}): {error}") from None
    return str(answer.get("SecretString") or answer.get("SecretBinary", b"").decode("utf-8", "replace")).strip()
