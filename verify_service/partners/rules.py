"""How two spellings of a partner's name are known to be one."""

import unicodedata


def fold_partner_name(name: str) -> str:
    """Return the name without blanks, width and case: what people vary without meaning another institution."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if not character.isspace())
