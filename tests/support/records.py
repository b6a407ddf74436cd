"""Records that tests enter through the API: a firm that the province approved, with a product that is complete."""

import datetime
import subprocess
import unittest

import nguon

TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
COMMUNE = "03390"


def tax_code(number):
    """Ten digits with the check digit of Vietnamese tax codes; for some nine digits there is none."""
    for last in range(10):
        digits = f"62{number:06d}{last}"
        check = 10 - sum(int(digit) * weight for digit, weight in zip(digits, TAX_WEIGHTS)) % 11
        if check < 10:
            return digits + str(check)
    raise AssertionError(f"no tax code begins with 62{number:06d}")


def gtin(number):
    digits = f"893850{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return "0" + digits + str(-total % 10)


def vietnam_time(days_ago=1):
    """As a form takes it."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))
    return (now - datetime.timedelta(days=days_ago)).strftime("%d/%m/%Y %H:%M")


def harvest(note):
    """Body of POST /api/v1/batches/{batch}/events."""
    return {"template": "tea.harvest", "values": {"time": vietnam_time(), "quantity": "12,5", "quantity_unit": "kg",
                                                  "grade": "1_2", "note": note}}


def epcis_document(event_ids, things_of):
    """An EPCIS 2.0 document; `things_of(event_id)` gives the identifiers of one event."""
    now = datetime.datetime.now(datetime.timezone.utc)
    events = [{
        "type": "ObjectEvent", "action": "OBSERVE", "eventID": event_id, "bizStep": "packing",
        "eventTime": (now - datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000+07:00"),
        "eventTimeZoneOffset": "+07:00", "epcList": things_of(event_id)} for event_id in event_ids]
    return {"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
            "schemaVersion": "2.0", "creationDate": now.strftime("%Y-%m-%dT%H:%M:%S.000+00:00"),
            "epcisBody": {"eventList": events}}


class Firm:
    """Approved, with one place and one published product that lacks nothing the portal asks for."""

    def __init__(self, installation, operator_key, number=1):
        self.installation = installation
        operator = installation.client(operator_key)
        organization = operator.expect(201, "POST", "/api/v1/organizations", {
            "kind": "cooperative", "name": f"Hợp tác xã chè số {number}", "tax_code": tax_code(number),
            "address_line": f"Bản {number}", "commune_code": COMMUNE})
        self.id = organization["id"]
        operator.expect(200, "POST", f"/api/v1/province/approvals/organizations/{self.id}",
                        {"decision": "approve", "version": organization["version"]})
        self.key = installation.add_key("enterprise-owner", self.id)
        owner = installation.client(self.key)
        self.place = owner.expect(201, "POST", "/api/v1/places",
                                  {"kind": "factory", "name": f"Xưởng {number}", "commune_code": COMMUNE})["id"]
        self.gtin = gtin(number)
        product = owner.expect(201, "POST", "/api/v1/products", {
            "name": f"Chè xanh số {number}", "group_code": "tea", "gtin": self.gtin, "origin": "Lai Châu",
            "net_weight": "200", "weight_unit": "g", "applied_standards": ["TCVN 9740"]})
        self.product = product["id"]
        product = owner.expect(201, "POST", f"/api/v1/products/{self.product}/images", picture(installation),
                               {"Content-Type": "image/png"})
        operator.expect(200, "POST", f"/api/v1/province/approvals/products/{self.product}",
                        {"decision": "publish", "version": product["version"]})
        operator.close()
        owner.close()


def picture(installation):
    """A small PNG that is a photograph as far as anybody can tell."""
    file = installation.folder / "photo.png"
    if not file.exists():
        nguon.run("encode", "--symbology", "qr", "--data", "https://example.com/01/09506000134352", "--format", "png",
                  "--use", "plain", "--module-mm", "2", "-o", file)
    return file.read_bytes()


def zbar(file):
    """What a program that is not ours reads from a picture."""
    return subprocess.run(["zbarimg", "--quiet", "--raw", file], capture_output=True, text=True, check=True).stdout


class ServedFirm(unittest.TestCase):
    """An installation beside its practice portal and an approved firm; `operator`, `owner` and `anyone` are clients."""

    @classmethod
    def setUpClass(cls):
        cls.installation = nguon.Installation()
        cls.addClassCleanup(cls.installation.__exit__, None, None, None)
        cls.installation.start_portal()
        cls.installation.start_server(30)
        cls.operator = cls.installation.client(cls.installation.add_key("province-operator"))
        cls.firm = Firm(cls.installation, cls.operator.key)
        cls.owner = cls.installation.client(cls.firm.key)
        cls.anyone = cls.installation.client()

    @classmethod
    def new_batch(cls, lot):
        return cls.owner.expect(201, "POST", "/api/v1/batches", {
            "product_id": cls.firm.product, "lot": lot, "quantity": "40", "unit": "kg"})["id"]

    @classmethod
    def all_delivered(cls):
        """Waits until the portal has everything; returns the deliveries."""
        def settled():
            items = cls.owner.expect(200, "GET", "/api/v1/deliveries?limit=100")["items"]
            return all(item["state"] in ("delivered", "superseded") for item in items) and items

        return nguon.until("everything to be delivered", settled, 60)

    @classmethod
    def stop_signed(cls):
        """Stops the server: a connector that ends signs what it delivered."""
        for client in (cls.operator, cls.owner, cls.anyone):
            client.close()
        assert cls.installation.server.stop() == 0
