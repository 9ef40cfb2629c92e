"""`/help`, `/privacy` and `/accessibility`: pages that are read, the same for everybody."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from verify_service.pages.rendering import render_accessibility, render_help, render_privacy
from verify_service.pages.responses import CACHEABLE, page, parse_language
from verify_service.pages.views import KeptFor, PrivacyView
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.retention.model import DataClass, Policy
from verify_service.web_context import WebContext


@get("/help", include_in_schema=False, opt=UNLIMITED)
async def show_help(context: NamedDependency[WebContext], lang: FromQuery[str | None] = None) -> Response[bytes]:
    """Show how to tell real from fake, what each answer means, and what to do when nothing is found."""
    return page(render_help(context.site, parse_language(lang)), headers=CACHEABLE)


@get("/privacy", include_in_schema=False, opt=UNLIMITED)
async def show_privacy(
    context: NamedDependency[WebContext], policy: NamedDependency[Policy], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Show how personal data is handled, and for how long by the policy that `retention run` goes by."""
    return page(render_privacy(_view(policy), context.site, parse_language(lang)), headers=CACHEABLE)


@get("/accessibility", include_in_schema=False, opt=UNLIMITED)
async def show_accessibility(
    context: NamedDependency[WebContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Show the accessibility statement."""
    return page(render_accessibility(context.site, parse_language(lang)), headers=CACHEABLE)


def _view(policy: Policy) -> PrivacyView:
    terms = {data_class: policy.term(data_class).keep_days for data_class in DataClass}
    return PrivacyView(
        tuple(KeptFor(data_class.value, None if days == "forever" else days) for data_class, days in terms.items())
    )
