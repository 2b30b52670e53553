"""A mail server that keeps what it is given; as much of RFC 5321 as a client needs."""

import socketserver
import threading
from email import message_from_bytes, policy


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port; keeps what arrives, or turns it away (``refuse``)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages, self.refuse = [], False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Where a mailer finds it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}?from=audit@x.example&tls=0"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line.strip().split(b" ")[0].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"DATA" and not self.server.refuse:
                self._take()
            elif verb in (b"RCPT", b"DATA") and self.server.refuse:
                self._say("451 later")
            else:
                self._say("250 fine")

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.messages.append(message)
        self._say("250 kept")

    def _say(self, words):
        self.wfile.write(words.encode() + b"\r\n")
