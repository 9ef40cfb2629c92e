import cbor2
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openvc import cbor as openvc_cbor
from openvc import cose as openvc_cose

from signing import (
    Ed25519Signer,
    InvalidKeyError,
    InvalidSignatureError,
    KeyId,
    KeyPurpose,
    MalformedCredentialError,
    MalformedUrlError,
    PublicKey,
    QrClaims,
    SigningError,
    TrustedKeys,
    UnknownKeyError,
    encode_base64url,
    format_qr_text,
    format_token,
    generate_private_key,
    parse_qr_text,
    qr_structure,
    sign_qr,
    verify_qr,
)
from signing.cose import encode_cbor, sig_structure

PUBLIC_URL = "https://rz.example.cn"
TOKEN = "04HMASW9NF6YY000"
COSE_KID = 1
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=25)
CLAIMS = st.builds(
    QrClaims,
    issued_at=st.integers(0, 2**40),
    token=st.binary(min_size=10, max_size=10),
    kind_code=st.integers(1, 255),
    name=NAMES,
    certificate_number=st.just("QMT20260001234"),
    status_index=st.integers(0, 2**40),
)


def _text(signer: Ed25519Signer, payload: object, token: str = TOKEN, cose_kid: int = COSE_KID) -> str:
    """A genuinely signed QR text of any payload: what a bug or a thief at the signer could make."""
    cose = sign_qr(sig_structure(cose_kid, encode_cbor(payload)), signer)
    return f"{PUBLIC_URL}/v/{token}#{encode_base64url(cose)}"


@settings(max_examples=100, deadline=None)
@given(claims=CLAIMS)
def test_claims_survive_the_round_trip(claims: QrClaims, trusted_keys: TrustedKeys, qr_signer: Ed25519Signer) -> None:
    text = format_qr_text(PUBLIC_URL, sign_qr(qr_structure(claims, COSE_KID), qr_signer))

    assert verify_qr(text, trusted_keys, PUBLIC_URL) == claims


def test_signing_the_stored_bytes_again_gives_the_same_text(
    claims: QrClaims, qr_signer: Ed25519Signer, qr_text: str
) -> None:
    structure = qr_structure(claims, COSE_KID)

    assert format_qr_text(PUBLIC_URL, sign_qr(structure, qr_signer)) == qr_text


def test_an_independent_cose_library_accepts_the_signature(qr_text: str, qr_key: PublicKey, claims: QrClaims) -> None:
    cose = parse_qr_text(qr_text)[2]
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(qr_key.raw)}

    sign1 = openvc_cose.parse_sign1(openvc_cbor.decode(cose))

    assert openvc_cose.verify_sign1(sign1, public_jwk=jwk)
    assert sign1.payload is not None
    assert openvc_cbor.decode(sign1.payload) == {
        6: claims.issued_at,
        7: claims.token,
        -65537: [1, claims.name, "QMT20260001234", 94567],
    }


@pytest.mark.parametrize("name", ["王芳", "𠮷野·𬱖", "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提·阿不都"])
def test_a_text_with_any_byte_flipped_is_refused(
    trusted_keys: TrustedKeys, qr_signer: Ed25519Signer, claims: QrClaims, name: str
) -> None:
    signed = sign_qr(qr_structure(msgspec.structs.replace(claims, name=name), COSE_KID), qr_signer)
    text = format_qr_text(PUBLIC_URL, signed)

    for place, character in enumerate(text):
        for bit in (1, 2, 4, 8, 16, 32, 64):
            changed = text[:place] + chr(ord(character) ^ bit) + text[place + 1 :]
            with pytest.raises(SigningError):
                verify_qr(changed, trusted_keys, PUBLIC_URL)


def test_cose_bytes_with_any_bit_flipped_are_refused(trusted_keys: TrustedKeys, qr_text: str) -> None:
    _, token, cose = parse_qr_text(qr_text)

    for place in range(len(cose)):
        for bit in range(8):
            changed = cose[:place] + bytes([cose[place] ^ 1 << bit]) + cose[place + 1 :]
            with pytest.raises(SigningError):
                verify_qr(f"{PUBLIC_URL}/v/{token}#{encode_base64url(changed)}", trusted_keys, PUBLIC_URL)


def test_a_signature_moved_under_another_token_is_refused(qr_text: str, trusted_keys: TrustedKeys) -> None:
    moved = qr_text.replace(TOKEN, "0000000000000000")

    with pytest.raises(MalformedCredentialError):
        verify_qr(moved, trusted_keys, PUBLIC_URL)


@pytest.mark.parametrize("origin", ["https://rz.example.com", "http://127.0.0.1:8000", "https://rz.example.cn:8443"])
def test_a_genuine_signature_behind_another_address_is_refused(
    qr_text: str, trusted_keys: TrustedKeys, origin: str
) -> None:
    with pytest.raises(UnknownKeyError):
        verify_qr(qr_text.replace(PUBLIC_URL, origin), trusted_keys, PUBLIC_URL)


def test_a_key_that_is_not_trusted_proves_nothing(claims: QrClaims, trusted_keys: TrustedKeys) -> None:
    stranger = Ed25519Signer(generate_private_key(), KeyId("2026-q1"))
    text = format_qr_text(PUBLIC_URL, sign_qr(qr_structure(claims, COSE_KID), stranger))
    unknown = format_qr_text(PUBLIC_URL, sign_qr(qr_structure(claims, 2), stranger))

    with pytest.raises(InvalidSignatureError):
        verify_qr(text, trusted_keys, PUBLIC_URL)
    with pytest.raises(UnknownKeyError):
        verify_qr(unknown, trusted_keys, PUBLIC_URL)


def test_keys_of_other_purposes_never_sign_or_verify_a_qr_code(
    claims: QrClaims, qr_text: str, credential_signer: Ed25519Signer, qr_key: PublicKey
) -> None:
    status_key = PublicKey(KeyId("2026-s1"), KeyPurpose.STATUS, qr_key.raw)

    with pytest.raises(InvalidKeyError):
        sign_qr(qr_structure(claims, COSE_KID), credential_signer)
    with pytest.raises(UnknownKeyError):
        verify_qr(qr_text, TrustedKeys([status_key]), PUBLIC_URL)


TOKEN_BYTES = bytes.fromhex("0123456789abcdef0000")
CERTIFICATE = [1, "王芳", "QMT20260001234", 0]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        "text",
        {6: 1, 7: TOKEN_BYTES},
        {6: 1, 7: TOKEN_BYTES, -65537: CERTIFICATE, 1: "iss"},
        {6: -1, 7: TOKEN_BYTES, -65537: CERTIFICATE},
        {6: True, 7: TOKEN_BYTES, -65537: CERTIFICATE},
        {6: 1.0, 7: TOKEN_BYTES, -65537: CERTIFICATE},
        {6: 1, 7: TOKEN_BYTES, -65537: [True, *CERTIFICATE[1:]]},
        {6: 2**64, 7: TOKEN_BYTES, -65537: CERTIFICATE},
        {6: 1, 7: TOKEN_BYTES[:9], -65537: CERTIFICATE},
        {6: 1, 7: "0123456789", -65537: CERTIFICATE},
        {6: 1, 7: TOKEN_BYTES, -65537: CERTIFICATE[:3]},
        {6: 1, 7: TOKEN_BYTES, -65537: [*CERTIFICATE, 1]},
        {6: 1, 7: TOKEN_BYTES, -65537: [0, *CERTIFICATE[1:]]},
        {6: 1, 7: TOKEN_BYTES, -65537: [1, "", "QMT20260001234", 0]},
        {6: 1, 7: TOKEN_BYTES, -65537: [1, "王芳", "QMT20260001235", 0]},
        {6: 1, 7: TOKEN_BYTES, -65537: [1, "王芳", "QMT20260001234", -1]},
        {6: 1, 7: TOKEN_BYTES, -65537: [1, "王芳", "QMT20260001234", "0"]},
        {6: 1, 7: TOKEN_BYTES, -65537: {1: "王芳"}},
    ],
)
def test_signed_claims_of_another_shape_are_refused(
    qr_signer: Ed25519Signer, trusted_keys: TrustedKeys, payload: object
) -> None:
    with pytest.raises(MalformedCredentialError):
        verify_qr(_text(qr_signer, payload), trusted_keys, PUBLIC_URL)


def test_signed_claims_in_a_longer_encoding_are_refused(qr_signer: Ed25519Signer, trusted_keys: TrustedKeys) -> None:
    payload = cbor2.dumps({7: TOKEN_BYTES, 6: 1, -65537: CERTIFICATE})  # not sorted
    cose = sign_qr(sig_structure(COSE_KID, payload), qr_signer)

    with pytest.raises(MalformedCredentialError):
        verify_qr(f"{PUBLIC_URL}/v/{TOKEN}#{encode_base64url(cose)}", trusted_keys, PUBLIC_URL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://rz.example.cn",
        f"{PUBLIC_URL}/v/{TOKEN}",
        f"{PUBLIC_URL}/v/{TOKEN}#",
        f"{PUBLIC_URL}/v/{TOKEN}#A",
        f"{PUBLIC_URL}/v/{TOKEN}#QQ==",
        f"{PUBLIC_URL}/v/{TOKEN.lower()}#QUJD",
        f"{PUBLIC_URL}/v/{TOKEN[1:]}#QUJD",
        f"{PUBLIC_URL}/v/{TOKEN[1:]}U#QUJD",
        f"{PUBLIC_URL}/v/{TOKEN}?x#QUJD",
        f"{PUBLIC_URL}//v/{TOKEN}#QUJD",
        f"http://rz.example.cn/v/{TOKEN}#QUJD",
        f"HTTPS://RZ.EXAMPLE.CN/V/{TOKEN}#QUJD",
        f"{PUBLIC_URL}/v/{TOKEN}#QR",
        f" {PUBLIC_URL}/v/{TOKEN}#QUJD",
        f"{PUBLIC_URL}/v/{TOKEN}#QUJD\n",
        f"{PUBLIC_URL}/v/{TOKEN}#" + "A" * 1000,
    ],
)
def test_text_that_is_no_qr_text_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_qr_text(text)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=150))
def test_verification_is_total_on_any_fragment(data: bytes, trusted_keys: TrustedKeys) -> None:
    with pytest.raises(SigningError):
        verify_qr(f"{PUBLIC_URL}/v/{TOKEN}#{encode_base64url(data)}", trusted_keys, PUBLIC_URL)


def test_the_token_of_the_path_is_the_one_that_was_signed(claims: QrClaims, qr_text: str) -> None:
    origin, token, _ = parse_qr_text(qr_text)

    assert (origin, token) == (PUBLIC_URL, format_token(claims.token))


def test_what_cannot_be_encoded_is_refused_before_anything_is_stored(
    claims: QrClaims, qr_signer: Ed25519Signer
) -> None:
    with pytest.raises(MalformedCredentialError):
        qr_structure(msgspec.structs.replace(claims, name="王\ud83d"), COSE_KID)
    with pytest.raises(MalformedCredentialError):
        qr_structure(claims, 65_536)
    with pytest.raises(MalformedUrlError):
        format_qr_text("https://rz.example.cn/", sign_qr(qr_structure(claims, COSE_KID), qr_signer))


@pytest.mark.parametrize("structure", [b"", b"\x80", encode_cbor(["Signature1", b"", b"", b""]), b"\xff"])
def test_a_signer_refuses_bytes_that_are_no_sig_structure(structure: bytes, qr_signer: Ed25519Signer) -> None:
    with pytest.raises(MalformedCredentialError):
        sign_qr(structure, qr_signer)
