#!/usr/bin/env python3
"""Checks a sealed export of Vigie's journal with the standard library alone. See README.txt beside it.

Exit status 0: everything is as the station sealed it; 1: it is not; 2: it cannot be read.
"""

import argparse
import base64
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

FORMAT = "vigie-sealed-journal/1"
COLUMNS = ["seq", "time", "panel_time", "kind", "actor_kind", "site", "account", "alarm", "priority", "in_test",
           "payload_digest", "prev"]  # fmt: skip
PAYLOAD = ["actor_name", "actor_from", "text", "data", "raw"]
SHOWN = 20

# -- Ed25519, after RFC 8032, section 5.1 and its sample code -----------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def plus(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number, point):
    found = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            found = plus(found, point)
        point = plus(point, point)
        number >>= 1
    return found


def same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def recovered(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def point_of(data):
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recovered(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


_Y = 4 * pow(5, P - 2, P) % P
BASE = (recovered(_Y, 0), _Y, 1, recovered(_Y, 0) * _Y % P)


def signed(public, message, signature):
    """Whether `signature` over `message` was made with the private half of `public`; all are bytes."""
    if len(signature) != 64:
        return False
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    return same(times(s, BASE), plus(r, times(h, a)))


# -- the journal --------------------------------------------------------------------------------------


def chained(values):
    return json.dumps(values, separators=(",", ":"), ensure_ascii=True)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Check:
    def __init__(self, parts, signed=signed, wanted=()):
        self.parts, self.signed, self.wanted, self.wrong = parts, signed, wanted, []
        self.entries = self.gaps = self.erased = self.sealed_to = 0
        self.first = self.last = self.times = None
        self.hashes = {}

    def found(self, sentence):
        self.wrong.append(sentence)

    def all(self, fingerprint):
        key_text = self.parts("public-key.txt").read().decode("ascii").split()[0]
        key = base64.b64decode(key_text, validate=True)
        self.fingerprint = hashlib.sha256(key).hexdigest()
        if fingerprint and fingerprint.lower().replace(":", "").replace(" ", "") != self.fingerprint:
            self.found("the export is signed with another key than yours: its fingerprint is " + self.fingerprint)
        content = self.parts("manifest.json").read()
        if not self.signed(key, content, base64.b64decode(self.parts("manifest.sig").read())):
            self.found("manifest.json is not what the station signed")
        self.manifest = manifest = json.loads(content)
        if manifest.get("format") != FORMAT:
            self.found("this is not an export that this verifier knows")
            return
        journal = manifest["journal"]
        # Of millions of entries only those that something is compared with are kept.
        points = [json.loads(line) for line in self.parts("checkpoints.jsonl")]
        self.hashes = dict.fromkeys(self.wanted)
        self.hashes.update((point["seq"], None) for point in points)
        self.walk(journal, key)
        self.compare("entries", self.entries)
        self.compare("gaps", self.gaps)
        self.compare("erased", self.erased)
        seen = hashlib.sha256()
        for number, line in enumerate(self.parts("checkpoints.jsonl"), 1):
            seen.update(line)
            point = json.loads(line)
            message = chained([point["journal"], point["seq"], point["hash"], point["time"]]).encode()
            if point["journal"] != journal or not self.signed(key, message, base64.b64decode(point["signature"])):
                self.found(f"checkpoint {number} is not what the station signed")
            elif self.hashes[point["seq"]] != point["hash"]:
                self.found("entry {} is not what the station sealed at {}".format(point["seq"], point["time"]))
            else:
                self.sealed_to = max(self.sealed_to, point["seq"])
        self.compare_digest("checkpoints.jsonl", seen)
        for name in sorted(set(manifest["sha256"]) - {"entries.jsonl", "checkpoints.jsonl"}):
            seen = hashlib.sha256()
            for line in self.parts(name):
                seen.update(line)
            self.compare_digest(name, seen)

    def walk(self, journal, key):
        seen, before = hashlib.sha256(), None
        for line in self.parts("entries.jsonl"):
            seen.update(line)
            entry = json.loads(line)
            seq = entry["seq"]
            if digest(chained([entry[name] for name in COLUMNS])) != entry["hash"]:
                self.found(f"entry {seq} was changed")
            if "salt" in entry:
                if digest(entry["salt"] + chained([entry[name] for name in PAYLOAD])) != entry["payload_digest"]:
                    self.found(f"the content of entry {seq} was changed")
            else:
                self.erased += 1
                message = chained(["erased", journal, seq, entry["payload_digest"], entry.get("erased_by")]).encode()
                if not self.signed(key, message, base64.b64decode(entry.get("erased_signature", ""))):
                    self.found(f"entry {seq} has lost its content")
            if before is None or seq != before["seq"] + 1:
                if before is not None and seq <= before["seq"]:
                    self.found(f"entry {seq} is out of its order")
                if seq == 1 and entry["prev"] != journal.ljust(64, "0"):
                    self.found("entry 1 belongs to another journal")
                self.gaps += before is not None
            elif entry["prev"] != before["hash"]:
                self.found("entry {} does not follow entry {}".format(seq, before["seq"]))
            if seq in self.hashes:
                self.hashes[seq] = entry["hash"]
            least, most = self.times or (entry["time"], entry["time"])
            self.times = (min(least, entry["time"]), max(most, entry["time"]))
            self.first = self.first or entry
            self.last = before = entry
            self.entries += 1
        self.compare_digest("entries.jsonl", seen)

    def compare(self, what, count):
        if self.manifest[what] != count:
            self.found(f"the station signed for {self.manifest[what]} {what}, here are {count}")

    def compare_digest(self, name, seen):
        if self.manifest["sha256"][name] != seen.hexdigest():
            self.found(f"{name} is not the file that the station signed for")


def parts_of(place):
    if place.is_dir():
        return lambda name: open(str(place / name), "rb")
    archive = zipfile.ZipFile(str(place))
    return lambda name: io.BufferedReader(archive.open(name))


def main():
    parser = argparse.ArgumentParser(description="Check a sealed export of Vigie's journal.")
    parser.add_argument("place", nargs="?", default=str(Path(__file__).resolve().parent), help="a folder or a zip")
    parser.add_argument("--key", default="", help="the fingerprint of the station's public key, got by another way")
    given = parser.parse_args()
    try:
        check = Check(parts_of(Path(given.place)))
        check.all(given.key)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        print(f"This export cannot be read: {error}")
        return 2
    if check.wrong:
        print("This export is NOT what the station sealed:")
        for sentence in check.wrong[:SHOWN]:
            print("  " + sentence)
        if len(check.wrong) > SHOWN:
            print(f"  and {len(check.wrong) - SHOWN} more")
        return 1
    manifest = check.manifest
    print(f"Everything is as the station sealed it: {check.entries} entries of journal {manifest['journal']}.")
    print("Made on {} by {}: {}.".format(manifest["made_at"], manifest["made_by"], manifest["selection"]))
    if check.erased:
        print(f"Of {check.erased} entries the content was erased, signed by the station.")
    if check.gaps:
        print(f"There are {check.gaps} gaps: entries that are not part of this selection.")
    if check.sealed_to:
        print(f"Signed while the station ran, by a checkpoint, up to entry {check.sealed_to}.")
    else:
        print("No checkpoint falls on an entry of this selection: the signature of the whole vouches for it.")
    if given.key:
        print("The key is yours.")
    else:
        print("Compare the key's fingerprint by another way: " + check.fingerprint)
    return 0


if __name__ == "__main__":
    sys.exit(main())
