#!/usr/bin/python3
"""What was delivered can be verified by anybody: the whole log, one proof by itself, and a history that was changed."""

import json
import pathlib
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402


class Verify(records.ServedFirm):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        batch = cls.new_batch("SO-1")
        cls.owner.expect(201, "POST", f"/api/v1/batches/{batch}/events", records.harvest("sổ"))
        cls.items = cls.all_delivered()
        cls.stop_signed()
        cls.installation.start_server()

    def change(self, sql):
        """As somebody with the file in hand would."""
        connection = sqlite3.connect(self.installation.data / "nguon.db")
        with connection:
            connection.execute(sql)
        connection.close()

    def log(self, since=0):
        return self.installation.client().expect(200, "GET", f"/api/v1/delivery-log?since={since}")

    def proof(self):
        delivered = next(item for item in self.items if item["state"] == "delivered")
        path = f"/api/v1/deliveries/{delivered['target']}/{delivered['seq']}/proof"
        self.assertEqual(self.installation.client().ask("GET", path).status, 401)
        return self.installation.client(self.firm.key).expect(200, "GET", path)

    def verify_proof(self, proof, status, key=None):
        file = self.installation.folder / "proof.json"
        file.write_text(json.dumps(proof), encoding="utf-8")
        return nguon.run("verify", "--proof", file, "--log-key", key or self.log()["log_key"], "--portal-key",
                         self.installation.certs / "receipt.pub", status=status)

    def test_the_log_is_whole_and_shown_to_everybody(self):
        log = self.log()
        delivered = sum(item["state"] == "delivered" for item in self.items)
        self.assertGreaterEqual(log["size"], delivered)
        self.assertIn(f"\n{log['size']}\n", log["checkpoint"])
        self.assertEqual(self.log(since=log["size"])["consistency"], [])
        summary = json.loads(self.installation.run("verify").stdout.splitlines()[-1])
        self.assertEqual((summary["findings"], summary["entries"], summary["covered"]), (0, log["size"], log["size"]))
        self.assertEqual(summary["log_key"], log["log_key"])

    def test_a_proof_stands_by_itself_and_falls_with_any_change(self):
        proof = self.proof()
        said = json.loads(self.verify_proof(proof, 0).stdout)
        self.assertTrue(said["valid"] and said["receipt_signature_checked"])
        for member in ("record", "sent", "receipt", "entry", "checkpoint"):
            changed = dict(proof, **{member: proof[member].replace("1", "2", 1)})
            nguon.one_sentence(self, self.verify_proof(changed, 1).stderr)
        nguon.one_sentence(self, self.verify_proof(dict(proof, index=proof["index"] + 1), 1).stderr)
        other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        nguon.one_sentence(self, self.verify_proof(proof, 1, other).stderr)

    def test_changed_records_are_found(self):
        kept = self.installation.folder / "kept"
        kept.write_text(self.log()["checkpoint"], encoding="utf-8")
        self.installation.run("verify", "--checkpoint", kept)
        # What curl fetched serves as well.
        kept.write_text(json.dumps(self.log()), encoding="utf-8")
        self.installation.run("verify", "--checkpoint", kept)
        self.installation.server.stop()
        row = "outbox_seq = (SELECT outbox_seq FROM delivery_log WHERE seq = 1)"
        number = self.installation.rows(f"SELECT portal_id FROM receipt WHERE {row}")[0][0]
        self.change(f"UPDATE receipt SET portal_id = 'SP000' WHERE {row}")
        said = self.installation.run("verify", "--json", status=1).stdout.splitlines()
        self.assertEqual(json.loads(said[0])["finding"], "record_changed")
        self.assertEqual(json.loads(said[-1])["findings"], 1)
        self.change(f"UPDATE receipt SET portal_id = '{number}' WHERE {row}")
        self.installation.run("verify")
        self.installation.start_server()

    def test_doctor_knows_the_keys_that_no_backup_holds(self):
        def found():
            lines = nguon.run("doctor", "--json", *self.installation.options(), status=None).stdout.splitlines()
            return {line["what"]: line.get("advice", {}).get("en", line["detail"])
                    for line in map(json.loads, lines) if "key" in line["what"]}

        self.assertEqual(found(), {"sealing key": "opens all of 0 secrets", "log key": "signed the newest checkpoint"})
        log_key, sealing_key = self.installation.data / "log.key", self.installation.data / "sealing.key"
        log_key.chmod(0o640)
        self.assertIn(f"chmod 600 {log_key}", found()["log key"])
        kept = self.installation.folder / "log.key.kept"
        log_key.rename(kept)
        self.assertIn("is missing", found()["log key"])
        self.assertFalse(log_key.exists(), "whoever looks makes none")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", log_key], check=True)
        log_key.chmod(0o600)
        self.assertIn("not the one that signed", found()["log key"])
        kept.rename(log_key)
        log_key.chmod(0o600)
        sealed = sealing_key.read_bytes()
        sealing_key.write_bytes(b"short")
        self.assertIn(str(sealing_key), found()["sealing key"])
        sealing_key.unlink()
        self.assertEqual(found()["sealing key"], "not made yet", "nothing is sealed, so nothing is missing")
        sealing_key.write_bytes(sealed)
        sealing_key.chmod(0o600)
        self.assertEqual(found()["log key"], "signed the newest checkpoint")


if __name__ == "__main__":
    unittest.main()
