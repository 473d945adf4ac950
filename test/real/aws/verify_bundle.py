"""Verifies a DSSE envelope with others' libraries: FILE and public keys as lines of OpenSSH; prints the kind of its statement."""

import json
import sys

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key
from google.protobuf import json_format
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

file, *lines = sys.argv[1:]
with open(file, encoding="utf-8") as opened:
    envelope = Envelope.from_dict(json.load(opened))
keys = []
for keyid, line in zip(envelope.signatures, lines):
    raw = load_ssh_public_key(line.encode()).public_bytes(Encoding.Raw, PublicFormat.Raw)
    keys.append(SSlibKey(keyid, "ed25519", "ed25519", {"public": raw.hex()}))
envelope.verify(keys, len(lines))
message = json_format.Parse(envelope.payload, StatementMessage())
Statement.copy_from_pb(message).validate()
print(envelope.payload_type, message.predicate_type, *(subject.name for subject in message.subject))
