"""Settings from the environment: `VERIFY_SERVICE_<NAME>`, and any of them as `VERIFY_SERVICE_<NAME>_FILE`.

A missing or malformed setting is a `UsageError` that names the setting and never quotes a secret.
"""

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from signing.errors import MalformedUrlError
from signing.public_url import require_public_url
from verify_service.errors import UsageError

PREFIX: Final = "VERIFY_SERVICE_"
Structure = TypeVar("Structure", bound=msgspec.Struct)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class RateLimits(msgspec.Struct, frozen=True):
    """The edge limits, in the notation of `limits`: several windows joined by `;`."""

    network: str = "30/minute;300/hour;1500/day"
    """One IPv4 address or one IPv6 /64: an office of people, not a scraper."""
    neighbourhood: str = "120/minute;5000/day"
    """One IPv4 /24 or IPv6 /48, so that a rented block of addresses is one client."""
    everyone: str = "200/second"
    """The whole service: what the database answers without queueing."""


class BudgetLimits(msgspec.Struct, frozen=True):
    """How many failed questions about the same facts are answered, in the same notation. Windows slide."""

    pair: str = "5/day;10/30 days;30/365 days"
    """A name with all but the last four of an ID number or phone, or one exact ID number or phone. The last four of an
    ID number have 1,000 values: this is one chance in a hundred a month, and three in a year."""
    id_number_prefix: str = "20/day"
    """All but the last four of an ID number: people born on one day in one county share them."""
    phone_prefix: str = "50/day"
    """All but the last four of a phone: ten thousand numbers."""
    name: str = "200/day"
    """A name alone: 王伟 is many people, and each may be asked about by many."""


DEFAULT_EFFORT: Final = 800
"""Derivations a proof of work takes at most: one to three seconds of a cheap phone, a third of one of a desk."""


class TokenSettings(msgspec.Struct, frozen=True):
    """A PKCS#11 token in which signing keys are made and used."""

    module: Path
    """The library that speaks to it, such as /usr/lib/softhsm/libsofthsm2.so."""
    label: str
    pin: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the environment decides; built once at start and passed on, never read as a global."""

    data_dir: Path
    """Where the embedded database and, by default, the keys live."""
    key_dir: Path
    """Private keys and secrets; made 0700 and kept so."""
    key_passphrase: str | None = None
    """Opens the private keys; unset: the file `passphrase` that `keys init` writes into `key_dir`."""
    token: TokenSettings | None = None
    """Where signing keys are made; None: in `key_dir`."""
    public_url: str | None = None
    """Origin without trailing slash, as it goes into QR codes and the DID; None where only local commands run."""
    former_public_urls: tuple[str, ...] = ()
    database_url: str | None = None
    operator_database_url: str | None = None
    migration_database_url: str | None = None
    signer_database_url: str | None = None
    webhooks_database_url: str | None = None
    """Of whatever sends webhooks; None beside a `database_url`: `serve` sends none."""
    console_database_url: str | None = None
    """Of the staff pages; None beside a `database_url`: `serve` has no consoles."""
    portal_database_url: str | None = None
    """Of the partners' pages, bound to one partner by row-level security."""
    signer_socket: Path | None = None
    """Where the signer listens; unset: in a folder of its own in `data_dir`."""
    signer_group: str | None = None
    """System group whose members may also ask the signer; unset: only the user it runs as."""
    console_socket: Path | None = None
    """Where the consoles listen; unset: in a folder of their own in `data_dir`."""
    console_group: str | None = None
    """System group whose members may also connect to them; unset: only the user they run as."""
    institution_file: Path | None = None
    """TOML with issuer, titles and texts; unset: the sample institution."""
    image_dir: Path | None = None
    """Where operations mount seal and logo; read by the commands that issue and draw."""
    font_dir: Path | None = None
    """Folder of fonts for characters of names that ours lack; None: ours alone."""
    timestamp_url: str | None = None
    """Time stamp authority (RFC 3161) for signatures inside PDFs; None: they bear no time but their own."""
    audit_head_dir: Path | None = None
    """Where signed heads of the audit trail are kept besides the register; unset: a folder of its own in `data_dir`."""
    retention_file: Path | None = None
    """TOML with how long each class of personal data is kept; unset: the default policy."""
    rate_limit_storage: str = "memory://"
    rate_limits: RateLimits = RateLimits()
    budgets: BudgetLimits = BudgetLimits()
    effort: int = DEFAULT_EFFORT
    """Derivations that one more answer costs a browser where a budget is spent; 0: none is offered."""
    trusted_proxies: tuple[Network, ...] = ()
    """Networks whose X-Forwarded-For is believed; empty: the peer address is the client."""

    def require_public_url(self) -> str:
        """Return the public origin, or refuse: it goes into every QR code and has no safe default."""
        if self.public_url is None:
            raise UsageError("MISSING_SETTING", f"{PREFIX}PUBLIC_URL is not set, e.g. https://cert.example.cn")
        return self.public_url

    def is_on_loopback(self) -> bool:
        """Tell whether this is a demo or a test, whose site nobody else reaches."""
        return (self.public_url or "").startswith("http://")


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; raise `UsageError` naming the first setting that is wrong."""
    values = _Values(environment)
    data_dir = Path(values.get("DATA_DIR") or ".data").absolute()
    key_dir = values.get("KEY_DIR")
    public_url = values.get("PUBLIC_URL")
    signer_socket = values.get("SIGNER_SOCKET")
    console_socket = values.get("CONSOLE_SOCKET")
    institution = values.get("INSTITUTION_FILE")
    retention = values.get("RETENTION_FILE")
    audit_heads = values.get("AUDIT_HEAD_DIR")
    images = values.get("IMAGE_DIR")
    font_dir = values.get("FONT_DIR")
    defaults, budgets = RateLimits(), BudgetLimits()
    return Settings(
        data_dir=data_dir,
        key_dir=Path(key_dir).absolute() if key_dir else data_dir / "keys",
        key_passphrase=values.get("KEY_PASSPHRASE"),
        token=_read_token(values),
        public_url=parse_public_url("PUBLIC_URL", public_url) if public_url else None,
        former_public_urls=tuple(
            parse_public_url("FORMER_PUBLIC_URLS", url) for url in values.list("FORMER_PUBLIC_URLS")
        ),
        database_url=values.database("DATABASE_URL"),
        operator_database_url=values.database("OPERATOR_DATABASE_URL"),
        migration_database_url=values.database("MIGRATION_DATABASE_URL"),
        signer_database_url=values.database("SIGNER_DATABASE_URL"),
        webhooks_database_url=values.database("WEBHOOKS_DATABASE_URL"),
        console_database_url=values.database("CONSOLE_DATABASE_URL"),
        portal_database_url=values.database("PORTAL_DATABASE_URL"),
        signer_socket=Path(signer_socket).absolute() if signer_socket else None,
        signer_group=values.get("SIGNER_GROUP"),
        console_socket=Path(console_socket).absolute() if console_socket else None,
        console_group=values.get("CONSOLE_GROUP"),
        institution_file=Path(institution).absolute() if institution else None,
        audit_head_dir=Path(audit_heads).absolute() if audit_heads else None,
        retention_file=Path(retention).absolute() if retention else None,
        image_dir=Path(images).absolute() if images else None,
        font_dir=Path(font_dir).absolute() if font_dir else None,
        timestamp_url=_read_timestamp_url(values),
        rate_limit_storage=values.get("RATE_LIMIT_STORAGE") or "memory://",
        rate_limits=RateLimits(
            network=values.get("RATE_LIMIT_NETWORK") or defaults.network,
            neighbourhood=values.get("RATE_LIMIT_NEIGHBOURHOOD") or defaults.neighbourhood,
            everyone=values.get("RATE_LIMIT_EVERYONE") or defaults.everyone,
        ),
        budgets=BudgetLimits(
            pair=values.get("BUDGET_PAIR") or budgets.pair,
            id_number_prefix=values.get("BUDGET_ID_NUMBER_PREFIX") or budgets.id_number_prefix,
            phone_prefix=values.get("BUDGET_PHONE_PREFIX") or budgets.phone_prefix,
            name=values.get("BUDGET_NAME") or budgets.name,
        ),
        effort=_read_effort(values),
        trusted_proxies=tuple(_parse_network(text) for text in values.list("TRUSTED_PROXIES")),
    )


def parse_public_url(name: str, text: str) -> str:
    """Return an origin in its one spelling (a trailing slash and capitals are folded), or refuse naming the setting."""
    try:
        return require_public_url(text.strip().removesuffix("/").lower())
    except MalformedUrlError as error:
        raise UsageError("BAD_SETTING", f"{PREFIX}{name}: {error}") from None


def read_settings_file(name: str, path: Path, structure: type[Structure]) -> Structure:
    """Return what a TOML file that a setting names holds; refuse it with the setting and the place of the fault."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), structure)
    except (OSError, UnicodeDecodeError):
        raise UsageError("BAD_SETTING", f"{PREFIX}{name} names a file that cannot be read") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError("BAD_SETTING", f"{PREFIX}{name}: {error}") from None


def _parse_network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UsageError("BAD_SETTING", f"{PREFIX}TRUSTED_PROXIES: an entry is not an address or network") from None


def _read_timestamp_url(values: "_Values") -> str | None:
    url = values.get("TIMESTAMP_URL")
    if url is not None and not url.startswith(("https://", "http://")):
        raise UsageError("BAD_SETTING", f"{PREFIX}TIMESTAMP_URL is not an http or https address")
    return url


def _read_effort(values: "_Values") -> int:
    text = values.get("PROOF_OF_WORK") or str(DEFAULT_EFFORT)
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise UsageError("BAD_SETTING", f"{PREFIX}PROOF_OF_WORK: write derivations as {DEFAULT_EFFORT}, or 0 for none")
    return int(text)


def _read_token(values: "_Values") -> TokenSettings | None:
    names = ("PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN")
    module, label, pin = given = [values.get(name) for name in names]
    if module is not None and label is not None and pin is not None:
        return TokenSettings(Path(module).absolute(), label, pin)
    if any(given):
        lacking = next(name for name, value in zip(names, given, strict=True) if value is None)
        raise UsageError("MISSING_SETTING", f"{PREFIX}{lacking} is not set, as the other settings of the token are")
    return None


class _Values:
    """Reads one setting by name, from the variable or from the file that `<NAME>_FILE` names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def get(self, name: str) -> str | None:
        direct = self._environment.get(PREFIX + name)
        # INSTITUTION_FILE and RETENTION_FILE are paths themselves; only the other settings have a _FILE twin.
        file = None if name.endswith("_FILE") else self._environment.get(f"{PREFIX}{name}_FILE")
        if direct and file:
            raise UsageError("BAD_SETTING", f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one")
        if not file:
            return direct or None
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise UsageError("BAD_SETTING", f"{PREFIX}{name}_FILE names a file that cannot be read") from None
        if not text:
            # Taken as unset, a truncated secret would quietly start the default in its place.
            raise UsageError("BAD_SETTING", f"{PREFIX}{name}_FILE names an empty file")
        return text

    def list(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in (self.get(name) or "").split(",") if part.strip())

    def database(self, name: str) -> str | None:
        url = self.get(name)
        if url is None:
            return None
        try:
            scheme = urlsplit(url).scheme
        except ValueError:
            raise UsageError("BAD_SETTING", f"{PREFIX}{name} is not a URL") from None
        if scheme not in {"postgresql", "postgres"}:
            raise UsageError("BAD_SETTING", f"{PREFIX}{name} must begin with postgresql://")
        return url
