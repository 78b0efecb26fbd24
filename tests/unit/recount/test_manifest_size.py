"""The manifest of a large document is as long as it must be, and its signature is verified all the same."""

import json

from joserfc import jws
from joserfc.jwk import ECKey, KeySet

from recount.manifest import is_signed


def test_a_manifest_of_a_megabyte_is_verified() -> None:
    key, other = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    payload = json.dumps({"blocks": ["x" * 100] * 10_000}).encode()
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_payload_length = 1 << 22
    signed = jws.serialize_compact(
        {"alg": "ES256", "typ": "lvzhi-summary+jws"}, payload, key, registry=registry
    )
    assert is_signed(signed, KeySet([key]).as_dict())
    assert not is_signed(signed, KeySet([other]).as_dict())
