import pytest

from signing import MalformedUrlError, require_public_url


@pytest.mark.parametrize(
    "text",
    [
        "https://rz.example.cn",
        "https://rz.example.cn:8443",
        "https://xn--fiqs8s.example",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "https://rz.example.cn:80",
        "http://127.0.0.1:443",
        "https://rz.example.cn:4430",
        "https://rz.example.cn:1",
        "https://rz.example.cn:65535",
        "http://127.0.0.1",
        "https://10.0.0.1",
    ],
)
def test_an_origin_is_returned_unchanged(text: str) -> None:
    assert require_public_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rz.example.cn",
        "http://rz.example.cn",
        "ftp://rz.example.cn",
        "https://rz.example.cn/",
        "https://",
        "https://RZ.example.cn",
        "HTTPS://rz.example.cn",
        "https://rz.example.cn/path",
        "https://rz.example.cn?x",
        "https://user@rz.example.cn",
        "https://rz.example.cn:",
        "https://rz.example.cn:08",
        "https://rz.example.cn:0",
        "https://rz.example.cn:65536",
        "https://rz.example.cn:99999",
        "https://rz.example.cn:100000",
        "https://rz.example.cn:443",
        "http://localhost:80",
        "http://127.0.0.1:80",
        "https://-rz.example.cn",
        "https://rz..cn",
        "https://rz.example.cn.",
        "http://127.0.0.1.example.cn",
        "http://localhost.example.cn",
        "http://[::1]:8000",
        "https://认证.example",
        "https://rz.example.cn\n",
        " https://rz.example.cn",
    ],
)
def test_anything_but_a_bare_origin_is_refused(text: str) -> None:
    with pytest.raises(MalformedUrlError):
        require_public_url(text)
