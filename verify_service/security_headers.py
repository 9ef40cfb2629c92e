"""Response headers that hold on every answer, errors and unknown paths included; a response may set its own."""

from typing import Final

from litestar.types import BeforeMessageSendHookHandler, Message, Scope

YEAR_SECONDS: Final = 31_536_000

FEATURES: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""What a browser could be asked for; a page that is read needs none of it."""

# No script at all, so that injected markup stays text; no frame, so that nobody shows our answer as his.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
WITH_SCRIPT: Final = {"Content-Security-Policy": f"{POLICY}; script-src 'self'"}
"""For the page on which files may be dropped and the one that offers a proof of work: a script in a file of ours, and
still none inside the page."""
WITH_REQUESTS: Final = {"Content-Security-Policy": f"{POLICY}; script-src 'self'; connect-src 'self'"}
"""For the page behind a QR code, whose script asks us for the public keys, and nobody else for anything."""

HEADERS: Final = {
    "content-security-policy": POLICY,
    # The address of a QR page is a capability: it must not reach the next site.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # What an answer says of a person must not lie in a shared computer's cache.
    "cache-control": "no-store",
}  # fmt: skip


def security_headers(public_url: str) -> BeforeMessageSendHookHandler:
    """Return the `before_send` hook: it adds each header that the response lacks.

    Public keys, status lists and files set `cache-control` and `cross-origin-resource-policy` of their own, pages with
    a script their own policy. Strict-Transport-Security is sent where the public origin is https.
    """
    headers = dict(HEADERS)
    if public_url.startswith("https:"):
        headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}"
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def add_headers(message: Message, _scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        present = {name.lower() for name, _ in message["headers"]}
        message["headers"] = [*message["headers"], *(header for header in encoded if header[0] not in present)]

    return add_headers
