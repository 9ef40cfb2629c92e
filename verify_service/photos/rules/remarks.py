"""Sentences about photos as a whole, for whoever reads a checked roster."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby

from verify_service.photos.model import PhotoSummary
from verify_service.translations import Language, catalogue


def photo_remarks(photos: PhotoSummary | None, language: Language) -> list[str]:
    """Return how many photos fit, whose are missing and which are nobody's; none where no photos were handed in."""
    if photos is None:
        return []
    words = catalogue(language, "reports")
    remarks: list[tuple[str, dict[str, object]]] = [("photosMatched", {"count": photos.matched})]
    if not photos.matched:
        remarks.append(("photosNoneMatched", {}))
    if photos.missing:
        remarks.append(("photosMissing", {"rows": row_ranges(photos.missing, words)}))
    if unused := [file for file in photos.unexpected if file not in _explained(photos)]:
        remarks.append(("photosUnused", {"files": _joined(unused, words)}))
    return [words[sentence].format(**details) for sentence, details in remarks]


def row_ranges(rows: Sequence[int], words: Mapping[str, str]) -> str:
    """Return rising row numbers as `1–60、63`; `words` are those of the reports."""
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])]
    return _joined((f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs), words)


def _explained(photos: PhotoSummary) -> set[str]:
    """Return the files of which something is said one by one."""
    said = ((one.file for one in group) for group in (photos.refused, photos.warnings, photos.suggestions))
    return set(chain.from_iterable(said))


def _joined(parts: Iterable[str], words: Mapping[str, str]) -> str:
    return words["separator"].join(parts)
