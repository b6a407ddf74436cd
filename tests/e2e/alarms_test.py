#!/usr/bin/python3
"""Trouble is told: in the pages, by mail and webhook, once, also when the mail server was away; and its end is seen."""

import json
import pathlib
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import receivers  # noqa: E402
import records  # noqa: E402


class Alarms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installation = nguon.Installation()
        cls.addClassCleanup(cls.installation.__exit__, None, None, None)
        cls.mail_port, hook_port = nguon.free_port(), nguon.free_port()
        certs, folder = cls.installation.certs, cls.installation.folder
        cls.hook = receivers.Webhook(certs, hook_port)
        cls.addClassCleanup(cls.hook.stop)
        told = cls.installation.config.read_text(encoding="utf-8")
        section = receivers.settings(certs, folder, cls.mail_port, hook_port)
        cls.installation.config.write_text(section + told, encoding="utf-8")
        cls.installation.start_portal()
        cls.installation.start_server(30)
        cls.operator = cls.installation.add_key("province-operator")
        cls.firm = records.Firm(cls.installation, cls.operator)

    def start_mail(self):
        server = receivers.MailServer(self.installation.certs, self.mail_port)
        server.start()
        self.addCleanup(server.stop)
        return server

    def province(self, path):
        return self.installation.client(self.operator).expect(200, "GET", path)

    def all_delivered(self):
        (target,) = self.province("/api/v1/province/sync")["targets"]
        return target["counts"]["pending"] + target["counts"]["in_flight"] == 0 and target["counts"]["delivered"] > 0

    def alarms(self, kind, query=""):
        return [alarm for alarm in self.province("/api/v1/alarms" + query)["items"] if alarm["kind"] == kind]

    def try_channels(self, status):
        said = map(json.loads, self.installation.run("alarms", "test", status=status).stdout.splitlines())
        return {line["channel"]: line["sent"] for line in said}

    def age_what_waits(self, minutes):
        """As if it had waited so long; only while nobody serves."""
        connection = sqlite3.connect(self.installation.data / "nguon.db")
        with connection:
            connection.execute("UPDATE delivery SET created_at = created_at - ? WHERE state IN ('pending', 'in_flight')",
                               (minutes * 60 * 1_000_000,))
        connection.close()

    def test_a_portal_that_is_away_is_told_everywhere_once(self):
        nguon.until("everything to be delivered", self.all_delivered, 60)
        # The portal and the mail server go away, records come.
        self.installation.portal.stop()
        owner = self.installation.client(self.firm.key)
        owner.expect(201, "POST", "/api/v1/batches", {
            "product_id": self.firm.product, "lot": "CB-1", "quantity": "40", "unit": "kg"})
        owner.close()
        self.installation.server.stop()
        self.age_what_waits(31)
        self.installation.start_server()
        (alarm,) = nguon.until("the alarm", lambda: self.alarms("waiting"), 60)
        self.assertEqual(alarm["severity"], "high")
        self.assertEqual(alarm["subject"], "practice")
        hooked = nguon.until("the webhook", lambda: list(self.hook.notices), 30)
        self.assertEqual([(one["kind"], one["reason"]) for one in hooked], [("waiting", "raised")])
        self.assertEqual(hooked[0]["alarm"], alarm["id"])
        self.assertEqual(self.hook.faults, [])
        # The other way does not wait for the one that fails; that one is tried again.
        time.sleep(5)
        mails = self.start_mail()
        nguon.until("the mail", lambda: mails.mails, 60)
        mail = mails.mails[0]
        self.assertTrue(mail["Subject"].startswith("[Nguồn Lai Châu] Cần xử lý sớm: "), mail["Subject"])
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertTrue(mail["Message-ID"].endswith("@tinh.example>"))
        self.assertEqual(mails.envelopes[0].rcpt_tos, ["an.toan@tinh.example", "so@tinh.example"])
        text = receivers.text_of(mail)
        for part in ("đang chờ gửi", "Bắt đầu:", "Ai làm gì: ", f"{self.installation.url}/province/alarms"):
            self.assertIn(part, text)
        # Somebody takes it on.
        client = self.installation.client(self.operator)
        path = f"/api/v1/alarms/{alarm['id']}/acknowledge"
        taken = client.expect(200, "POST", path, {"reason": "Đã gọi đơn vị vận hành cổng"})
        self.assertEqual(taken["acknowledged_reason"], "Đã gọi đơn vị vận hành cổng")
        client.expect(400, "POST", path, {"reason": ""})
        # The portal is back, and the alarm ends by itself.
        self.installation.start_portal()
        nguon.until("everything to be delivered", self.all_delivered, 60)
        nguon.until("the end of the alarm", lambda: not self.alarms("waiting"), 150)
        self.assertEqual(self.alarms("waiting", "?state=ended")[0]["id"], alarm["id"])
        self.assertEqual((len(mails.mails), len(self.hook.notices)), (1, 1))
        metrics = self.installation.client(self.operator).ask("GET", "/metrics").body.decode()
        self.assertIn('notices_total{channel="email",outcome="sent"} 1', metrics)
        self.assertRegex(metrics, r'notices_total\{channel="email",outcome="failed"\} [1-9]')
        self.assertIn('alarms_active{severity="high"} 0', metrics)
        # A trial on the command line, beside the running service; then with a mail server nobody vouches for.
        self.assertEqual(self.try_channels(0), {"email": True, "webhook": True})
        self.assertEqual(self.hook.notices[-1]["reason"], "trial")
        config = self.installation.config.read_text(encoding="utf-8")
        self.installation.config.write_text(config.replace("email_authority", "#"), encoding="utf-8")
        self.assertEqual(self.try_channels(1), {"email": False, "webhook": True})
        self.assertEqual(len(mails.mails), 2)
        # Beyond this machine nothing goes in clear (any other address than 127.0.0.1 counts as beyond).
        for host, sent in (("127.0.0.2", False), ("127.0.0.1", True)):
            clear = receivers.MailServer(None, nguon.free_port(), host)
            clear.start()
            self.addCleanup(clear.stop)
            lines = [f'email_server = "smtp://{host}:{clear.controller.port}"' if line.startswith("email_server") else line
                     for line in config.splitlines() if not line.startswith(("email_user", "email_password"))]
            self.installation.config.write_text("\n".join(lines), encoding="utf-8")
            self.assertEqual(self.try_channels(0 if sent else 1), {"email": sent, "webhook": True})
            self.assertEqual(len(clear.mails), int(sent))


if __name__ == "__main__":
    unittest.main()
