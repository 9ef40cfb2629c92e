"""Whatever a person's page and the first page may have to say has words in both languages."""

import pytest

from verify_service.credentials.model import RevocationReason
from verify_service.dashboard.model import AlarmKind
from verify_service.dashboard.routes import LEADS_TO, SERIES
from verify_service.exams.model import Conclusion, SittingKind
from verify_service.retention.model import DataClass
from verify_service.searches.model import Hint
from verify_service.subjects.model import DocumentType
from verify_service.trail.model import FaultKind
from verify_service.translations import Language, catalogue

KEYS = {
    "console_people": {
        *(f"{part}.{one}" for part in ("class", "rule") for one in DataClass),
        *(f"document.{one}" for one in DocumentType),
        *(f"reason.{one}" for one in RevocationReason),
        *(f"conclusion.{one}" for one in Conclusion),
        *(f"sitting.{one}" for one in SittingKind),
    },
    "console_dashboard": {
        *(f"alarm.{one}{end}" for one in AlarmKind for end in ("", ".what")),
        *(f"alarm.{one}.link" for one in LEADS_TO),
        *(f"chart.{name}{end}" for name in SERIES for end in ("", ".desc")),
        *(f"series.{one}" for series in SERIES.values() for one in series),
    },
    "console_search": {f"hint.{one}" for one in Hint},
    "console_audit": {f"fault.{one}" for one in FaultKind},
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("topic", KEYS)
def test_every_value_of_an_enumeration_has_words(language: Language, topic: str) -> None:
    assert set(catalogue(language, topic)) >= KEYS[topic]
