"""HEAD, which every address that answers GET must answer too (RFC 9110 §9.1): monitors and link checkers send it."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Passes a HEAD request on as GET and drops the body of the answer; its header stays as GET's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A copy: the server looks at its own to learn that no body is due.
        asked = scope.copy()
        asked["method"] = "GET"
        try:
            await self._app(asked, receive, send_without_body)
        finally:
            scope["path_template"] = asked.get("path_template", "")  # for the log
