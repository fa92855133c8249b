"""Receipts of the DTKS hub verified: signature of the log and proof of inclusion. Standard library only."""

import base64
import binascii
import hashlib
import re

# Ed25519 (RFC 8032 §5.1), verifying only: nothing secret is touched, so time may be taken as it comes.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def _x_of(y, sign):
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        raise ValueError("not a point")
    return x if x & 1 == sign else _P - x


def _point(octets):
    number = int.from_bytes(octets, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if len(octets) != 32 or y >= _P:
        raise ValueError("not a point")
    x = _x_of(y, sign)
    return x, y, 1, x * y % _P


def _sum(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _sum(total, point)
        point, scalar = _sum(point, point), scalar >> 1
    return total


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def is_signed_by(key, text, signature):
    try:
        scalar = int.from_bytes(signature[32:], "little")
        if len(signature) != 64 or scalar >= _L:
            return False
        digest = hashlib.sha512(signature[:32] + key + text).digest()
        left = _times(scalar, _BASE)
        right = _sum(_point(signature[:32]), _times(int.from_bytes(digest, "little") % _L, _point(key)))
        return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0
    except ValueError:
        return False


def _octets(encoded):
    octets = base64.b64decode(encoded, validate=True)
    if base64.b64encode(octets).decode() != encoded:
        raise ValueError("not base64 as it is written")
    return octets


def _hash(octets):
    """What is shorter or longer is no hash, and might be told as two of them run together. Raises ValueError."""
    if len(octets) != 32:
        raise ValueError("not a hash of 32 octets")
    return octets


def _checkpoint(note, verifier_key):
    """Size and root, where the note carries the log's signature and every one of that key is right. Raises ValueError."""
    name, key_id, encoded = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", verifier_key.strip()).groups()
    key = _octets(encoded)
    if key[0] != 1 or hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != key_id:
        raise ValueError("not the verifier key of a log")
    text, _, rest = note.rpartition("\n\n")
    text, lines = text + "\n", rest.split("\n")
    if lines.pop() != "" or not all(re.fullmatch("— [^\\s+]+ \\S+", line) for line in lines):
        raise ValueError("not a signed note")
    signed = [line.split(" ")[1:] for line in lines]
    mine = [_octets(signature) for signer, signature in signed if signer == name]
    mine = [octets[4:] for octets in mine if octets[:4].hex() == key_id]
    if not mine or not all(is_signed_by(key[1:], text.encode(), octets) for octets in mine):
        raise ValueError("the checkpoint is not signed by the log")
    size, root = text.split("\n")[1:3]
    return int(size), _hash(_octets(root))


def _is_included(leaf, index, size, proof, root):
    """RFC 9162 §2.1.3.2."""
    if type(index) is not int or not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node % 2 or node == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while node and node % 2 == 0:
                node, last = node // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        node, last = node // 2, last // 2
    return last == 0 and found == root


def verify(given, claim, log_key):
    """`given`: the receipt as it came with the answer; `claim`: what the hub says is on record. VERIFIED, PENDING, or ALTERED and why."""
    if not claim or claim.get("leaf") != given["leaf"]:
        return "ALTERED: another hash is on record than the receipt gives"
    if claim.get("index") is None or not claim.get("checkpoint") or claim.get("inclusionProof") is None:
        return "PENDING"
    try:
        size, root = _checkpoint(claim["checkpoint"], log_key)
        proof = [_hash(_octets(one)) for one in claim["inclusionProof"]]
        leaf = _hash(bytes.fromhex(given["leaf"]))
    except (ValueError, TypeError, AttributeError, IndexError, binascii.Error) as error:
        return "ALTERED: %s" % error
    return "VERIFIED" if _is_included(leaf, claim["index"], size, proof, root) else "ALTERED: the proof does not lead to the signed root"
