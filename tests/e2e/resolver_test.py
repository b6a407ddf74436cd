#!/usr/bin/python3
"""The resolver as apps meet it: over real TLS, from a registered product to the target of a link."""

import http.client
import json
import pathlib
import ssl
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402

LINKSET = "application/linkset+json"
GUIDE = "https://chebanbo.example/huong-dan"


class Resolver(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installation = installation = nguon.Installation(target=False)
        cls.addClassCleanup(installation.__exit__, None, None, None)
        cls.port = nguon.free_port()
        installation.config.write_text(
            f'[serve]\nhttps = ["127.0.0.1:{cls.port}"]\n[tls]\ncertificate = "{installation.certs}/server.pem"\n'
            f'key = "{installation.certs}/server.key"\n', encoding="utf-8")
        installation.start_server(30)
        operator = installation.client(installation.add_key("province-operator"))
        cls.firm = records.Firm(installation, operator.key)
        cls.owner = installation.client(cls.firm.key)
        cls.item = f"/01/{cls.firm.gtin}"
        cls.owner.expect(201, "POST", "/api/v1/batches", {"product_id": cls.firm.product, "lot": "LO-1"})
        cls.owner.expect(201, "POST", "/api/v1/links", {"anchor": cls.item, "type": "instructions", "href": GUIDE})

    def ask(self, method, path, **headers):
        context = ssl.create_default_context(cafile=self.installation.certs / "ca.pem")
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)
        self.addCleanup(connection.close)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read()

    def test_get_head_and_options_over_tls(self):
        lot = self.item + "/10/LO-1"
        for method in ("GET", "HEAD"):
            answer, body = self.ask(method, lot)
            self.assertEqual((answer.status, body), (307, b""), method)
            self.assertEqual(answer.headers["Location"], f"https://127.0.0.1:{self.port}/trace{lot}")
        answer, _ = self.ask("OPTIONS", lot, Origin="https://app.example")
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(self.ask("GET", f"/trace{lot}")[0].status, 200)
        self.assertEqual(self.ask("GET", lot, Accept="text/html")[0].status, 200)

    def test_the_enterprises_link_is_found_by_type_and_in_the_linkset(self):
        answer, _ = self.ask("GET", self.item + "/10/LO-1?linkType=gs1:instructions&x=1")
        self.assertEqual((answer.status, answer.headers["Location"]), (307, GUIDE + "?x=1"))
        answer, body = self.ask("GET", self.item + "/10/LO-1", Accept=LINKSET)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, LINKSET))
        linkset = json.loads(body)["linkset"]
        self.assertEqual([context["anchor"] for context in linkset],
                         [f"https://127.0.0.1:{self.port}{self.item}{lot}" for lot in ("/10/LO-1", "")])
        self.assertEqual(linkset[1]["https://gs1.org/voc/instructions"][0]["href"], GUIDE)

    def test_what_is_no_digital_link_is_400_and_what_nobody_keeps_404(self):
        self.assertEqual(self.ask("GET", self.item + "/foo")[0].status, 400)
        self.assertEqual(self.ask("GET", self.item + "?linkType=gs1:smpc")[0].status, 404)

    def test_it_describes_itself(self):
        answer, body = self.ask("GET", "/.well-known/gs1resolver")
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(json.loads(body)["supportedPrimaryKeys"]), 16)


if __name__ == "__main__":
    unittest.main()
