"""The errors of this library. A caller that catches `SigningError` has caught everything it raises on bad input.

No message quotes a value: records and QR codes carry names, and messages end in logs.
"""


class SigningError(Exception):
    """Something was not signed, or must not be trusted."""


class MalformedCredentialError(SigningError):
    """Text or bytes that no signer of ours can have produced, whoever's key is on them."""


class MalformedUrlError(MalformedCredentialError):
    """A public URL that is not a bare origin: https, or http on loopback, in lower case, without a path."""


class UnsafeJsonError(SigningError):
    """A value outside the subset of JSON on which all canonicalisers agree."""


class UnknownKeyError(SigningError):
    """The artefact names a key that is not among the trusted ones, or one made for another kind of artefact."""


class InvalidSignatureError(SigningError):
    """The bytes are well formed, the key is trusted, and the signature is not its signature of them."""


class InvalidKeyError(SigningError):
    """Key material or a key id that must not be used, or is not the one the bytes to be signed name."""


class KeyFileError(InvalidKeyError):
    """A private key file that is damaged, not encrypted, of another algorithm or under another passphrase."""


class TimeStampError(SigningError):
    """The time stamp authority gave none that can be used."""
