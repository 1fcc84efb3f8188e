"""A real HTTP server of OpenAI's chat completions on this machine, that can be told to misbehave.

It answers with a real engine, on a port of its own, in a thread. `faults` are used up one a request, before the engine
is asked; `seen` are the requests as they arrived.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from reviewsum_assets.contracts.protocols import ChatEngine, ChatMessage, ChatRequest


@dataclass(frozen=True)
class Fault:
    """One way in which a server fails a request."""

    kind: Literal["status", "slow", "garbage", "empty"]
    status: int = 500
    retry_after: str | None = None
    seconds: float = 0.0


@dataclass
class Seen:
    """A request as it arrived."""

    body: dict[str, object]
    authorization: str | None
    at: float


@dataclass
class ChatServer:
    """Context manager: serves while inside."""

    engine: ChatEngine | None
    models: tuple[str, ...] = ("smollm2-135m-instruct",)
    faults: deque[Fault] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    most_in_flight: int = 0
    base_url: str = ""

    def __enter__(self) -> ChatServer:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        self._server = uvicorn.Server(uvicorn.Config(self._app(), log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def _app(self) -> FastAPI:
        app = FastAPI()
        in_flight = 0

        @app.post("/v1/chat/completions")
        async def complete(request: Request) -> Response:
            nonlocal in_flight
            in_flight += 1
            self.most_in_flight = max(self.most_in_flight, in_flight)
            try:
                body = await request.json()
                self.seen.append(Seen(body, request.headers.get("authorization"), time.monotonic()))
                fault = self.faults.popleft() if self.faults else None
                return await (self._fail(fault) if fault else self._answer(body))
            finally:
                in_flight -= 1

        return app

    async def _fail(self, fault: Fault) -> Response:
        await asyncio.sleep(fault.seconds)
        if fault.kind == "status":
            headers = {"retry-after": fault.retry_after} if fault.retry_after else {}
            return JSONResponse({"error": {"message": "as told"}}, fault.status, headers)
        if fault.kind == "empty":
            return JSONResponse({"choices": []})
        return Response("<html>Bad gateway</html>", media_type="text/html")

    async def _answer(self, body: dict[str, object]) -> Response:
        model = str(body["model"])
        if model not in self.models:
            return JSONResponse({"error": {"message": f"no model {model}"}}, 404)
        if self.engine is None:
            return JSONResponse({"error": {"message": "no engine"}}, 503)
        messages, stop = body["messages"], body.get("stop", [])
        assert isinstance(messages, list)
        assert isinstance(stop, list)
        asked = ChatRequest(
            messages=tuple(ChatMessage(message["role"], message["content"]) for message in messages),
            max_tokens=int(str(body["max_tokens"])),
            stop=tuple(stop),
        )
        answer = (await asyncio.to_thread(self.engine.complete, [asked]))[0]
        # A server sends what it adds; the beginning of an answer that the client gave is not sent back.
        opening = asked.messages[-1].content if asked.messages[-1].role == "assistant" else ""
        usage = {"prompt_tokens": answer.prompt_tokens, "completion_tokens": answer.completion_tokens}
        message = {"role": "assistant", "content": answer.text.removeprefix(opening)}
        return JSONResponse({"model": model, "choices": [{"index": 0, "message": message}], "usage": usage})
