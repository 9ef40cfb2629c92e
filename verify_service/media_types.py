"""Which of the forms of an answer a client prefers (RFC 9110 §12.5.1)."""

from typing import Any

from litestar import Request


def preferred(request: Request[Any, Any, Any], first: str, *others: str) -> str:
    """Return the type of `first` and `others` that `Accept` prefers.

    `first`, where the header prefers none of them, cannot be read or is not there.
    """
    try:
        return request.accept.best_match([first, *others], default=first)
    except OverflowError:  # of q=inf, which the framework makes an integer of
        return first
