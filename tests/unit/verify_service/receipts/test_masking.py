import pytest

from verify_service.receipts.rules.masking import mask_ends, mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("林同名", "林**名"),
        ("欧阳堃喆", "欧**喆"),
        ("迪丽拜尔·吐尔逊", "迪**逊"),
        ("𠮷田禾", "𠮷**禾"),
        ("Anna Maria", "A**a"),
        # The last of two would be the whole name.
        ("林一", "林*"),
        ("林", "*"),
        ("", "*"),
    ],
)
def test_a_name_keeps_its_first_and_last_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize("name", ["\ufffe田禾", "林田\u202e", "\U0010ffff", "\ue000一"])
def test_a_character_that_no_installation_can_print_is_hidden_too(name: str) -> None:
    assert not set(mask_name(name)) & {"\ufffe", "\u202e", "\U0010ffff", "\ue000"}


def test_numbers_keep_their_length() -> None:
    assert (mask_ends("11010519491231002X"), mask_ends("19400000001")) == ("1****************X", "1*********1")
