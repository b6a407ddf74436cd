"""Where alarms go, for tests: a mail server with STARTTLS and sign-in, and a webhook over TLS. On loopback, real sockets."""

import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import ssl
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER = "nguon"
PASSWORD = "thư-bí-mật 12"
SECRET = "khóa webhook 34"


def server_context(certs):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certs / "server.pem", certs / "server.key")
    return context


class MailServer:
    """Takes mails from who signs in over TLS; `mails` are parsed messages, oldest first. Without certificates it takes
    them from anybody, in clear."""

    def __init__(self, certs, port, host="127.0.0.1"):
        self.mails = []
        self.envelopes = []
        secure = {"tls_context": server_context(certs), "require_starttls": True, "auth_required": True,
                  "auth_require_tls": True, "authenticator": self.check} if certs else {}
        self.controller = Controller(self, hostname=host, port=port, **secure)

    @staticmethod
    def check(server, session, envelope, mechanism, auth_data):
        good = isinstance(auth_data, LoginPassword) and auth_data.login == USER.encode() \
            and auth_data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=True)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (the library's name)
        self.envelopes.append(envelope)
        self.mails.append(email.message_from_bytes(envelope.original_content, policy=email.policy.default))
        return "250 OK"

    def start(self):
        self.controller.start()

    def stop(self):
        self.controller.stop()


class Webhook:
    """Takes signed JSON over TLS; `notices` are those whose signature is right, `faults` what was wrong."""

    def __init__(self, certs, port):
        self.notices = []
        self.faults = []
        self.status = 204
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 (the library's name)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signed = self.headers["Nguon-Timestamp"].encode() + b"." + body
                expected = "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
                if self.headers["Nguon-Signature"] != expected:
                    receiver.faults.append("signature")
                elif receiver.status < 300:
                    receiver.notices.append(json.loads(body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.socket = server_context(certs).wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def settings(certs, folder, mail_port, hook_port):
    """The section [alarms] for both."""
    (folder / "mail.password").write_text(PASSWORD + "\n", encoding="utf-8")
    (folder / "hook.secret").write_text(SECRET + "\n", encoding="utf-8")
    lines = ["[alarms]", f'email_server = "smtp://localhost:{mail_port}"', f'email_user = "{USER}"',
             f'email_password_file = "{folder / "mail.password"}"', f'email_authority = "{certs / "ca.pem"}"',
             'email_from = "nguon@tinh.example"', 'email_to = ["an.toan@tinh.example", "so@tinh.example"]',
             f'webhook_url = "https://localhost:{hook_port}/nguon"',
             f'webhook_secret_file = "{folder / "hook.secret"}"', f'webhook_authority = "{certs / "ca.pem"}"', ""]
    return "\n".join(lines)


def text_of(mail):
    return base64.b64decode(mail.get_payload().replace("\n", "")).decode()
