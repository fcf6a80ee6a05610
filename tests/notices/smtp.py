"""Mail servers of tests: a real one (aiosmtpd) with scripted answers, and a raw one that hangs or hangs up."""

import contextlib
import datetime as dt
import email
import email.policy
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port

YES = {"banner": "220 here", "EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on"}
YES |= {"end": "250 taken", "QUIT": "221 bye"}
# How long a test's other side keeps silent: whoever comes back in half of it had a limit of its own.
HELD_OUT_S = 60
HANG, CUT, TRICKLE = "hang", "cut", "trickle"


@dataclass
class Post:
    """What a server took: the letters, and when (monotonic) each came."""

    letters: list = field(default_factory=list)
    taken_at: list = field(default_factory=list)

    def take(self, recipient: str, raw: bytes) -> None:
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        letter.envelope, letter.raw = recipient, raw
        self.letters.append(letter)
        self.taken_at.append(time.monotonic())

    @property
    def ids(self) -> list[str]:
        return [letter["Message-ID"] for letter in self.letters]


class Answers:
    """aiosmtpd asks this what to say: 250 unless `answers` has something for the step or the recipient."""

    def __init__(self):
        self.post = Post()
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if said := self.answers.get("MAIL"):
            return said
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if said := self.answers.get(address) or self.answers.get("RCPT"):
            return said
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if said := self.answers.get("end"):
            return said
        for address in envelope.rcpt_tos:
            self.post.take(address, envelope.content)
        return "250 taken"


@contextlib.contextmanager
def server(**settings):
    """A real mail server in a thread; gives its Answers, with `port`."""
    handler = Answers()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, **settings)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


class Raw:
    """Speaks SMTP line by line as told: `say={"RCPT": "451 later"}`; HANG says nothing, CUT hangs up, TRICKLE sends
    a letter a moment and never a line's end. `say` may be changed while it runs."""

    def __init__(self, say: dict[str, str] | None = None):
        self.say = say or {}
        self.post = Post()
        self.conversations = 0
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.over.set()
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self.conversations += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, EOFError):
            lines = connection.makefile("rb")
            self._answer(connection, "banner")
            recipient = ""
            while line := lines.readline():
                verb = line[:4].decode(errors="replace").upper().replace("HELO", "EHLO")
                if verb == "RCPT":
                    recipient = line.decode().split("<")[1].split(">")[0]
                self._answer(connection, verb)
                if verb == "DATA" and self.say.get("DATA", "354").startswith("354"):
                    self._body(connection, lines, recipient)

    def _body(self, connection: socket.socket, lines, recipient: str) -> None:
        if self.say.get("body") == CUT:
            lines.readline()
            raise EOFError
        raw = b""
        while (line := lines.readline()) not in (b".\r\n", b""):
            raw += line
        if self.say.get("end", "250").startswith(("250", CUT, HANG)):
            self.post.take(recipient, raw)  # taken, whatever becomes of the answer
        self._answer(connection, "end")

    def _answer(self, connection: socket.socket, step: str) -> None:
        said = self.say.get(step) or YES.get(step, "500 what")
        if said == HANG:
            self.over.wait(HELD_OUT_S)
            raise EOFError
        if said == CUT:
            raise EOFError
        if said == TRICKLE:
            while not self.over.wait(0.05):
                connection.sendall(b"2")
        connection.sendall(f"{said}\r\n".encode())


def no() -> AuthResult:
    """The answer to a wrong password: 535."""
    return AuthResult(success=False, handled=False)


def certificate(folder: Path, *hosts: str) -> ssl.SSLContext:
    """A context with a certificate for localhost and `hosts` that signed itself, kept in `folder`/certificate.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(host) for host in ("localhost", *hosts)]
    names += [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context
