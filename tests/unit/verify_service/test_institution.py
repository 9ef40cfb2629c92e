"""The institution file: what a certificate says and looks like, and what is refused with its place."""

import re
from pathlib import Path

import pytest
from msgspec.structs import asdict, replace

from pdf import DESIGNS, CertificateLabels, Label, Orientation
from verify_service.errors import UsageError
from verify_service.institution import SAMPLE_FILE, FieldLabels, Institution, load_institution
from verify_service.settings import Settings

SAMPLE = SAMPLE_FILE.read_text("utf-8")
HOST = "certificates.online_host"
CONFIGURED = """
[images]
seal = "seal.png"
logo = "logo-2026.png"

[certificates.online_host.labels]
name = { chinese = "持证人", english = "Holder" }
other_document = { chinese = "其他证件", english = "Document" }

[certificates.online_host.colours]
accent = "#003300"
"""
PORTRAIT = SAMPLE.replace(f"[{HOST}]", f'[{HOST}]\norientation = "portrait"')


def load(tmp_path: Path, text: str) -> Institution:
    file = tmp_path / "institution.toml"
    file.write_text(text, "utf-8")
    return load_institution(Settings(data_dir=tmp_path, key_dir=tmp_path, institution_file=file))


def test_the_sample_has_the_specimen_ring_and_no_logo(tmp_path: Path) -> None:
    sample = load(tmp_path, SAMPLE)

    assert (sample.images.seal, sample.images.logo) == (None, None)
    assert {kind.orientation for kind in sample.certificates.values()} == {Orientation.LANDSCAPE}
    assert [sample.palette(kind) for kind in sample.certificates] == [None, None]
    assert sample.paper("online_host").labels == CertificateLabels()


def test_the_options_the_sample_shows_can_be_taken_and_say_what_holds_without_them(tmp_path: Path) -> None:
    taken = load(tmp_path, re.sub(r"^# (?=\[|[a-z_]+ = )", "", SAMPLE, flags=re.MULTILINE))

    operator = taken.certificates["omnimedia_operator"]
    assert operator.labels == FieldLabels()
    assert taken.palette("omnimedia_operator") == DESIGNS["omnimedia_operator"].palette
    assert (operator.orientation, taken.images.seal, taken.images.logo) == ("portrait", "seal.png", "logo.png")
    assert taken.paper("omnimedia_operator") == load(tmp_path, SAMPLE).paper("omnimedia_operator")


def test_every_option_is_read_for_its_kind_alone(tmp_path: Path) -> None:
    made = load(tmp_path, PORTRAIT + CONFIGURED)

    host = made.certificates["online_host"]
    assert (made.images.seal, made.images.logo) == ("seal.png", "logo-2026.png")
    assert host.orientation is Orientation.PORTRAIT
    assert made.paper("online_host").labels == replace(CertificateLabels(), name=Label("持证人", "Holder"))
    assert host.labels.other_document == Label("其他证件", "Document")
    assert made.palette("online_host") == replace(DESIGNS["online_host"].palette, accent="#003300")
    assert made.palette("omnimedia_operator") is None
    assert made.certificates["omnimedia_operator"].orientation is Orientation.LANDSCAPE


def test_every_text_of_the_paper_comes_from_the_file(tmp_path: Path) -> None:
    """Each is changed in turn, and the paper changes with it."""
    labels = "".join(f'{name} = {{ chinese = "{name}", english = "{name}" }}\n' for name in asdict(CertificateLabels()))
    made = load(tmp_path, f"{SAMPLE}\n[{HOST}.labels]\n{labels}")
    paper = made.paper("online_host")
    assert [label.chinese for label in asdict(paper.labels).values()] == list(asdict(CertificateLabels()))
    parts = {"issuer": made.issuer.line, "unit": made.issuer.name}
    for field, text in asdict(paper).items():
        if field != "labels":
            source = parts.get(field, text)
            changed = load(tmp_path, SAMPLE.replace(source, "改动")).paper("online_host")
            assert asdict(changed)[field] == text.replace(source, "改动") != text


@pytest.mark.parametrize(
    ("addition", "place"),
    [
        (f'[{HOST}.colours]\naccent = "red"', f"accent is not a colour of the form #RRGGBB - at `$.{HOST}.colours`"),
        (f'[{HOST}.colours]\nink = "#FFFFFF"', f"ink is too light to be read - at `$.{HOST}.colours`"),
        (f'[{HOST}.colours]\npaper = "#404040"', f"paper is too dark to read on - at `$.{HOST}.colours`"),
        (f'[{HOST}.colours]\nframe = "#404040"', f"unknown field `frame` - at `$.{HOST}.colours`"),
        (f"[{HOST}.colours]\ngold = 3", f"$.{HOST}.colours"),
        (f'[{HOST}.labels]\nname = {{ chinese = "姓名" }}', f"`english` - at `$.{HOST}.labels.name`"),
        (f'[{HOST}.labels]\nname = {{ chinese = " ", english = "N" }}', f"$.{HOST}.labels.name"),
        (
            f'[{HOST}.labels]\nage = {{ chinese = "年龄", english = "Age" }}',
            f"unknown field `age` - at `$.{HOST}.labels`",
        ),
        ("[certificates.juggler]", "juggler is no kind of certificate - at `$.certificates`"),
        ('[images]\nseal = "../seal.png"', "$.images.seal"),
        ('[images]\nseal = "/srv/seal.png"', "$.images.seal"),
        ('[images]\nlogo = "a/b.png"', "$.images.logo"),
        ('[images]\nlogo = ".png"', "$.images.logo"),
        ('[images]\nlogo = "logo.jpg"', "$.images.logo"),
        ('[images]\nlogo = "logo.png\\n"', "$.images.logo"),
        ('[images]\nstamp = "seal.png"', "unknown field `stamp` - at `$.images`"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, addition: str, place: str) -> None:
    with pytest.raises(UsageError) as refused:
        load(tmp_path, f"{SAMPLE}\n{addition}\n")

    assert refused.value.message.startswith("VERIFY_SERVICE_INSTITUTION_FILE: ")
    assert place in refused.value.message


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (f"[{HOST}]", f'[{HOST}]\norientation = "upright"', f"$.{HOST}.orientation"),
        ('scan_hint = "扫码查验真伪"', 'scan_hint = " "', "$.certificates.omnimedia_operator.texts.scan_hint"),
        ('title = "网络视听主播岗位合格证书"\n', "", f"`title` - at `$.{HOST}`"),
    ],
)
def test_a_kind_with_a_fault_is_named(tmp_path: Path, before: str, after: str, place: str) -> None:
    assert before in SAMPLE
    with pytest.raises(UsageError) as refused:
        load(tmp_path, SAMPLE.replace(before, after))

    assert place in refused.value.message
