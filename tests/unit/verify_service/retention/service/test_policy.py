"""The policy file: the one that comes with the service, and every way to get one wrong."""

from pathlib import Path

import pytest

from verify_service.errors import UsageError
from verify_service.retention.model import DataClass, Policy
from verify_service.retention.service.policy import load_policy
from verify_service.settings import load_settings

TERM = '[{}]\nkeep_days = 365\nreason = "a test"\n'
WHOLE = "".join(TERM.format(data_class) for data_class in DataClass)


def load(tmp_path: Path, text: str) -> Policy:
    file = tmp_path / "retention.toml"
    file.write_text(text)
    return load_policy(load_settings({"VERIFY_SERVICE_RETENTION_FILE": str(file)}))


def test_the_default_policy_ends_every_class_and_says_why() -> None:
    policy = load_policy(load_settings({}))

    kept = {data_class: policy.term(data_class).keep_days for data_class in DataClass}
    terms = {"rosters": 365, "photos": 1095, "phones": 1095, "results": 1095, "redemption_codes": 365, "drafts": 30}
    assert kept == terms
    assert all(len(policy.term(data_class).reason) > 40 for data_class in DataClass)


def test_a_policy_of_ones_own_may_keep_a_class_for_ever(tmp_path: Path) -> None:
    policy = load(tmp_path, WHOLE.replace("keep_days = 365", 'keep_days = "forever"', 1))

    assert (policy.rosters.keep_days, policy.photos.keep_days) == ("forever", 365)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("[photos]\n", "[pictures]\n"), "pictures"),
        ((TERM.format("photos"), ""), "photos"),
        (("[photos]\nkeep_days = 365\n", "[photos]\n"), "keep_days` - at `$.photos"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = 0"), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = -1"), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = 36501"), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = 1.5"), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", '[photos]\nkeep_days = "365"'), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = true"), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", '[photos]\nkeep_days = "for ever"'), "$.photos.keep_days"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = 365\nkeep_year = 1"), "keep_year` - at `$.photos"),
        (("[photos]\nkeep_days = 365", "[photos]\nkeep_days = 365\nkeep_days = 366"), "overwrite"),
        (('reason = "a test"\n[photos]', 'reason = ""\n[photos]'), "$.rosters.reason"),
        (('reason = "a test"\n[photos]', "[photos]"), "reason` - at `$.rosters"),
        (("[photos]", "[photos"), "Expected ']'"),
    ],
)
def test_a_wrong_policy_is_refused_naming_the_setting_and_the_key(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    text = WHOLE.replace(*change)
    assert text != WHOLE

    with pytest.raises(UsageError) as refused:
        load(tmp_path, text)

    assert refused.value.message.startswith("VERIFY_SERVICE_RETENTION_FILE: ")
    assert named in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_policy_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "retention.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UsageError, match="VERIFY_SERVICE_RETENTION_FILE names a file that cannot be read"):
        load_policy(load_settings({"VERIFY_SERVICE_RETENTION_FILE": str(file)}))
