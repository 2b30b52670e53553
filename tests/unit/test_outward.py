"""Addresses that people typed lead nowhere that only this server can reach."""

import socket
from ipaddress import ip_network

import pytest

from auditapp.domain.outgoing_webhook import DeliveryFault
from auditapp.gateways.outward import (
    ForbiddenAddressError,
    Outward,
    UnreachableError,
    parse_networks,
)
from certificates import Authority
from http_receiver import Receiver

LOOPBACK = ip_network("127.0.0.0/8")


@pytest.fixture
def receiver():
    server = Receiver()
    yield server
    server.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://x.example/",
        "http://x.example/",
        "https://",
        "https://user@x.example/",
        "https://x.example:0/",
        "https://x.example:99999/",
        "https://[::1/",
        "https://x.example/#part",
    ],
)
def test_what_is_no_public_https_address_is_refused_as_it_is_typed(url):
    with pytest.raises(ForbiddenAddressError) as refused:
        Outward().check(url)

    assert refused.value.fault is DeliveryFault.NO_ADDRESS


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.8",
        "169.254.169.254",
        "192.168.1.1",
        "0.0.0.0",  # noqa: S104 (refused, never bound)
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.8]",
        "[fe80::1]",
        "[fc00::1]",
    ],
)
def test_private_addresses_are_refused_when_typed_and_when_asked(host):
    for act in (Outward().check, lambda url: Outward().post(url, b"", {})):
        with pytest.raises(ForbiddenAddressError) as refused:
            act(f"https://{host}/")
        assert refused.value.fault is DeliveryFault.PRIVATE_ADDRESS


def test_a_name_is_looked_up_once_and_every_address_it_has_must_be_allowed(monkeypatch):
    asked = []

    def look_up(host, port, **_options):
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("1.1.1.1", "10.0.0.8")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(ForbiddenAddressError):
        Outward().post("https://rebinding.example/", b"", {})
    assert asked == ["rebinding.example"]


def test_an_allowed_network_is_reached_by_plain_http(receiver):
    answer = Outward([LOOPBACK]).post(receiver.url + "/a?b=c", b"{}", {"x-y": "z"})

    assert (answer.status, answer.is_fine) == (200, True)
    (received,) = receiver.received
    assert (received.path, received.body) == ("/a?b=c", b"{}")
    assert received.headers["x-y"] == "z"
    assert received.headers["host"] == receiver.url.removeprefix("http://")


def test_a_redirect_is_an_answer_and_is_not_followed(receiver):
    receiver.statuses = [302]

    assert Outward([LOOPBACK]).post(receiver.url, b"", {}).status == 302
    assert len(receiver.received) == 1


def test_plain_http_stays_inside_the_allowed_networks():
    with pytest.raises(ForbiddenAddressError):
        Outward([LOOPBACK]).check("http://1.1.1.1/")


def test_why_nobody_answers_is_said(receiver):
    receiver.close()
    with pytest.raises(UnreachableError) as silent:
        Outward([LOOPBACK]).post(receiver.url, b"", {})
    assert silent.value.fault is DeliveryFault.REFUSED
    with pytest.raises(UnreachableError) as unknown:
        Outward().post("https://nowhere.invalid/", b"", {})
    assert unknown.value.fault is DeliveryFault.NO_SUCH_HOST


def test_networks_are_written_as_networks():
    assert parse_networks(["127.0.0.0/8"]) == (LOOPBACK,)
    with pytest.raises(ValueError, match="10"):
        parse_networks(["10.0.0.1/8"])


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """Return what makes certificates, which this machine trusts for now."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def answering(monkeypatch, receiver):
    """Let every name lead to the receiver; return an address for one."""
    port = receiver.server_address[1]

    def look_up(*_arguments, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return f"https://hook.example:{port}/x"


def test_the_certificate_must_be_of_the_name_although_the_address_is_asked(
    receiver, authority, monkeypatch
):
    receiver.encrypt(authority.certify("hook.example"))
    url = answering(monkeypatch, receiver)

    assert Outward([LOOPBACK]).post(url, b"{}", {}).is_fine
    assert receiver.received[0].headers["host"] == url.split("/")[2]
    with pytest.raises(UnreachableError) as other:
        Outward([LOOPBACK]).post(url.replace("hook.", "other."), b"", {})
    assert other.value.fault is DeliveryFault.TLS


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    receiver, tmp_path, monkeypatch
):
    receiver.encrypt(Authority(tmp_path).certify("hook.example"))
    url = answering(monkeypatch, receiver)

    with pytest.raises(UnreachableError) as unknown:
        Outward([LOOPBACK]).post(url, b"", {})

    assert unknown.value.fault is DeliveryFault.TLS
    assert receiver.received == []
