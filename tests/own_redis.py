"""A Redis of one's own, as a clinic may have one: over TCP with a password, on a unix socket, or behind TLS."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from aro.ops.stores import broker
from aro.ops.supervise.processes import Child, Program, stop
from aro.stores import broker_talk
from aro.stores.broker_address import BrokerAddress

PASSWORD = "p@ss:w/ör%d#1"
USER, USERS_PASSWORD = "aro", "second pass&word"
_CONFIGURATION = """\
bind 127.0.0.1 -::1
port {port}
unixsocket {directory}/own.sock
dir {directory}
save ""
appendonly no
requirepass "{password}"
user {user} on "#{digest}" ~* &* +@all
"""


@contextmanager
def own_redis(directory: Path, *, port: int) -> Iterator[None]:
    """Ends with the block. Logins: the default user with PASSWORD, and USER with USERS_PASSWORD."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(USERS_PASSWORD.encode())
    configuration = directory / "own.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            port=port, directory=directory, password=PASSWORD, user=USER, digest=digest.finalize().hex()
        ),
        encoding="utf-8",
    )
    address = BrokerAddress(host="127.0.0.1", port=port, password=PASSWORD)
    program = Program(name="redis", argv=(str(broker.binary()), str(configuration)), stop_seconds=4)
    child = Child(program, environment=dict(os.environ), directory=directory, log=directory / "own.log")
    try:
        deadline = time.monotonic() + 20
        while not broker_talk.answers(address):
            assert time.monotonic() < deadline, (directory / "own.log").read_text(encoding="utf-8")
            time.sleep(0.05)
        yield
    finally:
        stop(child, hurry=lambda: False)


@contextmanager
def behind_tls(directory: Path, *, port: int) -> Iterator[tuple[int, Path]]:
    """A TLS front of the server on `port`: its own port, and the file of the authority that vouches for it."""
    certificate, key = _certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(target=_serve, args=(plain, context, port), daemon=True).start()
        yield int(plain.getsockname()[1]), certificate


def _serve(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            one, _ = plain.accept()
        except OSError:
            return
        threading.Thread(target=_join, args=(one, context, port), daemon=True).start()


def _join(one: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        one,
        context.wrap_socket(one, server_side=True) as inside,
        socket.create_connection(("127.0.0.1", port)) as behind,
    ):
        back = threading.Thread(target=_copy, args=(behind, inside), daemon=True)
        back.start()
        _copy(inside, behind)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _certificate(directory: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "own redis")])
    now = datetime.fromtimestamp(time.time(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = directory / "own.pem", directory / "own.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret
