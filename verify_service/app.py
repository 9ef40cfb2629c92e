"""The composition root of the web process: settings, database, keys and pages become one Litestar application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide

from verify_service.api_description import openapi_config
from verify_service.api_docs import show_api_docs
from verify_service.database import connected
from verify_service.health import is_alive, is_ready
from verify_service.institution import Institution, load_institution
from verify_service.key_directory import KeyDirectory
from verify_service.keys import service as keys
from verify_service.keys.routes import get_did_document, get_jwks
from verify_service.lookups.routes import answer_form, look_up, show_form
from verify_service.migrate import load_migrations, require_migrated
from verify_service.pages.views import CertificateTitle, SiteTexts
from verify_service.settings import Settings
from verify_service.static_files import get_asset
from verify_service.trust import Trust
from verify_service.verification.routes import get_record, verify_token
from verify_service.web_context import WebContext
