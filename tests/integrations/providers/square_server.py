"""Square's API on loopback, with the customer, the place and the service of the fixtures."""

from __future__ import annotations

import socket

from tests.integrations.contract import fixture
from tests.integrations.loopback import Loopback, http

CUSTOMER, PLACE, SERVICE, LIST = "/v2/customers/", "/v2/locations/", "/v2/catalog/object/", "/v2/bookings"
FOUND = {
    CUSTOMER: http(200, fixture("square", "api.customer")),
    PLACE: http(200, fixture("square", "api.location")),
    SERVICE: http(200, fixture("square", "api.catalog")),
}


class Square:
    """Square's API: what it answers at each path."""

    def __init__(self, server: Loopback) -> None:
        self.server, self.answers = server, dict(FOUND)
        server.answers = [self._answer]

    def _answer(self, connection: socket.socket) -> None:
        path = self.asked[-1]
        self.answers[next(start for start in self.answers if path.startswith(start))](connection)

    @property
    def asked(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.server.requests]
