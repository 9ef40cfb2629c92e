"""Time stamps of an authority, for signatures that are to be believed after their certificate has ended (RFC 3161)."""

from typing import Final

import httpx
from asn1crypto import tsp  # type: ignore[import-untyped]  # asn1crypto ships no types
from pyhanko.sign.timestamps import TimeStamper

from signing.pades import MAX_TIME_STAMP_BYTES

SECONDS: Final = 10.0
QUERY: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class HttpTimeStamper(TimeStamper):
    """Asks an authority over HTTP (RFC 3161 §3.4)."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko leaves it unannotated
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return what the authority answers; raise `OSError` for none, `ValueError` for what is no such answer."""
        try:
            async with httpx.AsyncClient(timeout=SECONDS) as client:
                response = await client.post(self._url, content=req.dump(), headers=QUERY)
                response.raise_for_status()
        except httpx.HTTPError as error:
            raise OSError(f"no answer: {type(error).__name__}") from error
        if len(response.content) > MAX_TIME_STAMP_BYTES:
            raise ValueError("too large for a time stamp")
        return tsp.TimeStampResp.load(response.content)
