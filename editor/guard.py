"""Only pages that this program serves may talk to it: host and origin of every request are looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_SAYS = b"This editor answers only to its own pages. Open it under the address that it printed when it started."


class Guard:
    """Answers 403 to requests and sockets that name another host, or that another site's page sends.

    A page of another site can reach 127.0.0.1, under a name of its own or with a form; both are told
    by these two headers, which no page can forge.
    """

    def __init__(self, app: App, hosts: Iterable[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self.welcomes(dict(scope["headers"])):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": head})
            await send({"type": "http.response.body", "body": _SAYS})

    def welcomes(self, headers: MutableMapping[bytes, bytes]) -> bool:
        """Return whether a request comes from a page of ours."""
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        return host in self._hosts and (not origin or origin.removeprefix("http://") in self._hosts)
