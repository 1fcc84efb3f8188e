"""Any server that speaks OpenAI's chat completions, for example vLLM: `POST <base_url>/chat/completions`.

Requests run in a bounded pool of threads. What may pass (429, 5xx, a broken connection, a time-out, an answer that
cannot be read) is tried again with growing waits; what will not (another 4xx) is not. A request that fails for good
yields a completion with `error`, so that one bad request does not lose the others. Errors and logs hold no prompt and
no answer: review text stays out of them.
"""

from __future__ import annotations

import email.utils
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import cast

import httpx
from tenacity import (
    RetryCallState,
    RetryError,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatRequest, EngineInfo

logger = logging.getLogger(__name__)

SEED = 0

MAX_RETRY_AFTER_SECONDS = 120.0
"""A server that asks for a longer wait than this is asked again sooner; the attempts are bounded anyway."""

BACK_OFF_SECONDS = 0.5
"""First wait between attempts; it doubles, up to 30 s, with jitter so that many clients do not return at once."""


class _Transient(Exception):
    """A failure that may pass; `retry_after_seconds` if the server said when."""

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class _Permanent(Exception):
    """A failure that another try would meet again."""


class OpenAIEngine:
    """ChatEngine over HTTP. Greedy (temperature 0) and seeded; a server may still batch as it likes, and round so.

    `request.adapter`, or else the engine's, is sent as the model's name: that is how vLLM serves LoRA adapters.
    An answer that the request begins is asked for with vLLM's `continue_final_message`, and `allowed_words` are not
    enforced.

    Args:
        base_url: up to and with the version, for example `http://127.0.0.1:8000/v1`.
        model: name of the base model as the server knows it.
        api_key: sent as a bearer token if not empty.
        languages: languages it may be asked to write.
        whole_plan: whether it is asked for whole plans; false for small models.
        adapter: name of a served adapter that answers where a request names none.
        concurrency: requests in flight at most.
        timeout_seconds: of one attempt, for each of connecting, sending and waiting.
        max_attempts: attempts a request.
        back_off_seconds: first wait between attempts.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        languages: frozenset[str] = frozenset(),
        whole_plan: bool = True,
        adapter: str | None = None,
        concurrency: int = 16,
        timeout_seconds: float = 60.0,
        max_attempts: int = 5,
        back_off_seconds: float = BACK_OFF_SECONDS,
    ) -> None:
        self._model = model
        self._languages = languages
        self._whole_plan = whole_plan
        self._adapter = adapter
        self._max_attempts = max_attempts
        self._back_off = wait_exponential_jitter(initial=back_off_seconds, max=30.0, jitter=back_off_seconds)
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="chat")
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=timeout_seconds,
            limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
        )

    @property
    def info(self) -> EngineInfo:
        return EngineInfo(
            engine="openai",
            base_model=self._model,
            languages=self._languages,
            whole_plan=self._whole_plan,
            adapter=self._adapter,
            settings={"decoding": "greedy", "temperature": 0.0, "seed": SEED},
        )

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        """One completion a request, in order; failures are completions with `error`."""
        return list(self._pool.map(self._complete_one, requests))

    def close(self) -> None:
        """Close connections; requests in flight end first."""
        self._pool.shutdown(wait=True)
        self._client.close()

    def _complete_one(self, request: ChatRequest) -> ChatCompletion:
        body = self._body(request)
        attempts = Retrying(
            stop=stop_after_attempt(self._max_attempts),
            wait=self._wait,
            retry=retry_if_exception_type(_Transient),
        )
        try:
            return attempts(self._ask, body, request)
        except _Permanent as error:
            reason = str(error)
        except RetryError as error:
            last = error.last_attempt.exception()
            reason = f"{last} (after {self._max_attempts} attempts)"
        logger.warning("The language model gave no answer: %s", reason)
        return ChatCompletion("", error=reason)

    def _wait(self, state: RetryCallState) -> float:
        """Seconds to the next attempt: as the server asked, else growing."""
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, _Transient) and failure.retry_after_seconds is not None:
            return min(failure.retry_after_seconds, MAX_RETRY_AFTER_SECONDS)
        back_off: Callable[[RetryCallState], float] = self._back_off
        return back_off(state)

    def _body(self, request: ChatRequest) -> dict[str, object]:
        body: dict[str, object] = {
            "model": request.adapter or self._adapter or self._model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": 0,
            "seed": SEED,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.json_schema is not None:
            schema = {"name": "answer", "schema": dict(request.json_schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if request.messages and request.messages[-1].role == "assistant":
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        return body

    def _ask(self, body: dict[str, object], request: ChatRequest) -> ChatCompletion:
        """One attempt.

        Raises:
            _Transient: if another attempt may succeed.
            _Permanent: if none will.
        """
        try:
            response = self._client.post("chat/completions", json=body)
        except httpx.TimeoutException as error:
            raise _Transient(f"the server did not answer in time ({type(error).__name__})") from None
        except httpx.TransportError as error:
            raise _Transient(f"the server cannot be reached ({type(error).__name__}): is it running?") from None
        if response.status_code == 429 or response.status_code >= 500:
            raise _Transient(f"the server answered {response.status_code}", _retry_after(response))
        if response.status_code >= 400:
            raise _Permanent(f"the server answered {response.status_code}: {_advice(response.status_code)}")
        return _read(response, request)


def _read(response: httpx.Response, request: ChatRequest) -> ChatCompletion:
    """The completion in a response of OpenAI's form.

    Raises:
        _Transient: if the response is not of that form.
    """
    try:
        answer = response.json()
        text = answer["choices"][0]["message"]["content"]
        usage = answer.get("usage") or {}
        tokens = int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise _Transient("the server's answer is not a chat completion") from None
    if not isinstance(text, str):
        raise _Transient("the server's answer holds no text")
    opening = ""
    if request.messages and request.messages[-1].role == "assistant":
        opening = request.messages[-1].content
    return ChatCompletion(opening + text, prompt_tokens=tokens[0], completion_tokens=tokens[1])


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait, from `Retry-After` in either of its forms (RFC 9110, 10.2.3)."""
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = cast(datetime, email.utils.parsedate_to_datetime(value))
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _advice(status: int) -> str:
    if status in (401, 403):
        return "check REVIEWSUM_LLM_API_KEY"
    if status == 404:
        return "check REVIEWSUM_LLM_BASE_URL, REVIEWSUM_LLM_MODEL and the adapter's name"
    return "the request was refused"
