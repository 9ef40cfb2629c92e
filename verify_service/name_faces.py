"""The faces that draw names: those of the package, and those an operator adds for characters they lack."""

from pdf import FontError, NameFaces, open_name_faces
from verify_service.errors import UsageError
from verify_service.settings import PREFIX, Settings


def load_name_faces(settings: Settings) -> NameFaces:
    """Return the faces of the settings; refuse a folder without fonts, and a damaged file by its name."""
    try:
        return open_name_faces(settings.font_dir)
    except FontError as error:
        raise UsageError("BAD_SETTING", f"{PREFIX}FONT_DIR: {error}") from None
