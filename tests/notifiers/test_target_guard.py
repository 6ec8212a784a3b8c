"""Which addresses may be called: public ones, however the others are written."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from feedback_nlp.errors import InputError, SourceError
from feedback_nlp.notifiers.target_guard import Guard, addresses_of, is_public, read_place

PUBLIC = "93.184.215.14"


def answering(*addresses: str) -> Guard:
    """Return a guard whose resolver answers every name with these addresses."""

    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return Guard(resolve=resolve)


def call(url: str, guard: Guard) -> list[str]:
    return addresses_of(read_place(url, guard), guard)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "0x7f000001",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[fec0::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "localhost",
        "LOCALHOST.",
        "app.localhost",
        "printer.local",
        "metadata.google.internal",
        "metadata",
        "169.254.169.254",
        "100.100.100.200",
        "100.64.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "127。0。0。1",
        "①②⑦.⓪.⓪.①",
        "１２７.０.０.１",
    ],
)
def test_an_address_inside_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(InputError, match="url"):
        call(f"https://{host}/hook", answering(PUBLIC))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("ftp://example.com/", id="ftp"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("gopher://example.com/", id="gopher"),
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("http://example.com/", id="http"),
        pytest.param("example.com/hook", id="no scheme"),
        pytest.param("https:///hook", id="no host"),
        pytest.param("https://user:pass@example.com/", id="name and password"),
        pytest.param("https://@example.com/", id="empty name"),
        pytest.param("https://example.com:22/", id="ssh port"),
        pytest.param("https://example.com:0/", id="port 0"),
        pytest.param("https://example.com:99999/", id="no port"),
        pytest.param("https://example.com\\@127.0.0.1/", id="backslash"),
        pytest.param("https://example.com /", id="space"),
        pytest.param("https://exa\nmple.com/", id="line break"),
        pytest.param("https://example.com/\x00", id="NUL"),
        pytest.param("https://[::1", id="open bracket"),
        pytest.param("https://" + "a" * 3_000, id="endless"),
        pytest.param("https://\ud83d.com/", id="half a character"),
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="url"):
        call(url, answering(PUBLIC))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/hook?x=1#y",
        "https://例子.中国/钩子",
        f"https://{PUBLIC}/",
        "https://[2606:4700::6810:84e5]/",
        "HTTPS://EXAMPLE.COM./",
    ],
)
def test_a_public_address_passes(url: str) -> None:
    assert call(url, answering(PUBLIC))


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(("169.254.169.254",), id="metadata"),
        pytest.param((PUBLIC, "10.0.0.1"), id="one of two"),
        pytest.param(("::ffff:192.168.0.1",), id="mapped"),
        pytest.param(("fe80::1%2",), id="scoped"),
    ],
)
def test_a_name_that_leads_inside_is_refused(addresses: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="内部网络"):
        call("https://rebind.example.com/", answering(*addresses))


def test_a_name_that_leads_nowhere_may_lead_somewhere_later() -> None:
    with pytest.raises(SourceError, match="查不到"):
        call("https://gone.example.com/", answering())


def test_an_operator_can_allow_hosts_and_http() -> None:
    inside = Guard(
        allow_hosts=frozenset({"gitlab.local", "10.0.0.7"}), resolve=answering("10.0.0.7").resolve
    )
    assert call("http://gitlab.local:8080/hook", inside) == ["10.0.0.7"]
    assert call("http://10.0.0.7/", inside) == ["10.0.0.7"]
    with pytest.raises(InputError):
        call("http://10.0.0.8/", inside)
    assert read_place("http://example.com/", Guard(allow_http=True)).port == 80


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("64:ff9b::5db8:d70e", True),
        ("2002:5db8:d70e::1", True),
        ("::ffff:93.184.215.14", True),
        ("2002:a00:1::", False),
        ("64:ff9b::a9fe:a9fe", False),
    ],
)
def test_a_wrapped_address_is_judged_by_what_is_in_it(address: str, *, public: bool) -> None:
    assert is_public(ip_address(address)) is public
