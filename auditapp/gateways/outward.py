"""Requests to addresses that people typed: never to what only this server can reach.

A name is resolved once, each address it has is checked, and the connection goes to the
one that was checked: a name that changes its mind in between leads nowhere new.
"""

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

import urllib3

from auditapp.domain.outgoing_webhook import DeliveryFault, is_taken

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
LARGEST_ANSWER_BYTES = 2_000
PORTS = {"https": 443, "http": 80}
Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class UnreachableError(Exception):
    """Nobody answered."""

    def __init__(self, fault: DeliveryFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class ForbiddenAddressError(UnreachableError):
    """The address is not one that may be reached from here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status, the begin of its text, and how long it took."""

    status: int
    text: str
    milliseconds: int

    @property
    def is_fine(self) -> bool:
        """Tell whether it was taken."""
        return is_taken(self.status)


class Outward:
    """Posts to public https addresses, and to the private networks it was given.

    Plain http is spoken in those networks alone.
    """

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = networks

    def check(self, url: str) -> None:
        """Make sure that an address may be used at all, as far as its words tell.

        Raises:
            ForbiddenAddressError: It may not, or is none.
        """
        parts = self._parts(url)
        try:
            address = ip_address(str(parts.hostname))
        except ValueError:  # a name, which is looked up when something is sent
            return
        if not self._may_reach(address, is_plain=parts.scheme == "http"):
            raise ForbiddenAddressError(DeliveryFault.PRIVATE_ADDRESS)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; redirects are answers like any other.

        Raises:
            ForbiddenAddressError: It leads where nothing may be sent.
            UnreachableError: Nobody answered in time.
        """
        parts = self._parts(url)
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        address = self._address(host, port, is_plain=parts.scheme == "http")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        began = time.monotonic()
        with self._pool(parts.scheme, str(address), port, host) as pool:
            try:
                response = pool.urlopen(
                    "POST",
                    path,
                    body=body,
                    headers={**headers, "Host": parts.netloc},
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                text = response.read(LARGEST_ANSWER_BYTES)
                response.release_conn()
            except urllib3.exceptions.HTTPError as error:
                raise UnreachableError(_fault(error)) from error
        took = int(1000 * (time.monotonic() - began))
        return Answer(response.status, text.decode("utf-8", "replace"), took)

    def _parts(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            is_one = bool(parts.hostname) and parts.port != 0
        except ValueError as error:
            raise ForbiddenAddressError(DeliveryFault.NO_ADDRESS) from error
        schemes = PORTS if self._networks else ("https",)
        if (
            not is_one
            or parts.scheme not in schemes
            or parts.username
            or parts.fragment
        ):
            raise ForbiddenAddressError(DeliveryFault.NO_ADDRESS)
        return parts

    def _address(self, host: str, port: int, *, is_plain: bool) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnreachableError(DeliveryFault.NO_SUCH_HOST) from error
        addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        if not all(self._may_reach(each, is_plain=is_plain) for each in addresses):
            raise ForbiddenAddressError(DeliveryFault.PRIVATE_ADDRESS)
        return addresses[0]

    def _may_reach(self, address: Address, *, is_plain: bool) -> bool:
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._networks):
            return True
        return not is_plain and address.is_global and not address.is_multicast

    @staticmethod
    def _pool(
        scheme: str, address: str, port: int, host: str
    ) -> urllib3.HTTPConnectionPool:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        if scheme == "http":
            return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
        return urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            ssl_context=ssl.create_default_context(),
            server_hostname=host,
            assert_hostname=host,
        )


def parse_networks(words: Sequence[str]) -> tuple[Network, ...]:
    """Return networks such as ``10.0.0.0/8``.

    Raises:
        ValueError: One of them is none.
    """
    return tuple(ip_network(word) for word in words)


def _fault(error: urllib3.exceptions.HTTPError) -> DeliveryFault:
    """Say why nobody answered; never what was asked of whom."""
    match error:
        case urllib3.exceptions.NewConnectionError():
            return DeliveryFault.REFUSED
        case urllib3.exceptions.TimeoutError():
            return DeliveryFault.TIMEOUT
        case urllib3.exceptions.SSLError():
            return DeliveryFault.TLS
        case _:
            return DeliveryFault.BROKEN_OFF
