"""Mutations of what the file says of itself: its manifest and its properties."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any, Final

from shared.security.keystore import KeyStore
from tests.unit.recount.mutations.word import Mutation, W, Word, xml

_ITEM: Final = "customXml/item1.xml"


def _opened(word: Word) -> tuple[str, dict[str, Any], str]:
    header, payload, signature = re.sub("<[^>]*>", "", word.parts[_ITEM].decode().split("?>")[-1]).split(".")
    return header, json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))), signature


def _closed(word: Word, header: str, content: Any, signature: str) -> None:
    payload = base64.urlsafe_b64encode(json.dumps(content, ensure_ascii=False).encode()).rstrip(b"=").decode()
    word.parts[_ITEM] = f'<proof xmlns="urn:lvzhi:proof:1">{header}.{payload}.{signature}</proof>'.encode()


def _stated(change: Callable[[dict[str, Any]], None]) -> Mutation:
    """The manifest says something else; the signature is the old one."""

    def mutate(word: Word) -> None:
        header, content, signature = _opened(word)
        change(content)
        _closed(word, header, content, signature)

    return mutate


def _source(name: str, value: object) -> Mutation:
    return _stated(lambda content: content["sources"][1].update({name: value}))


def _resigned(word: Word) -> None:
    """Signed by somebody else, with another wording of a paragraph."""
    import tempfile
    from pathlib import Path

    _, content, _ = _opened(word)
    with tempfile.TemporaryDirectory() as folder:
        payload = json.dumps(content, ensure_ascii=False).encode()
        signed = KeyStore(Path(folder)).sign(payload, kind="lvzhi-summary+jws")
    word.parts[_ITEM] = f'<proof xmlns="urn:lvzhi:proof:1">{signed}</proof>'.encode()


def _unsecured(word: Word) -> None:
    _, content, _ = _opened(word)
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"lvzhi-summary+jws"}').rstrip(b"=").decode()
    _closed(word, header, content, "")


def _gone(word: Word) -> None:
    for name in [name for name in word.parts if name.startswith("customXml/")]:
        del word.parts[name]
    rels = word.parts["word/_rels/document.xml.rels"].decode()
    word.parts["word/_rels/document.xml.rels"] = re.sub(
        '<Relationship Id="rIdProof"[^>]*>', "", rels
    ).encode()


def _as_of_before(behind: Callable[[int], int]) -> Mutation:
    """Forged into a document of before manifests: no manifest, no property, other words, and heads written by hand.
    `behind`: the head to write, of the head that was sealed."""

    def mutate(word: Word) -> None:
        heads = {source["source"]: source["head"] for source in _opened(word)[1]["sources"]}
        _gone(word)
        properties = word.parts["docProps/custom.xml"].decode()
        forged, found = re.subn('<property [^>]*name="lvzhi-proof".*?</property>', "", properties)
        assert found == 1
        word.parts["docProps/custom.xml"] = forged.encode()
        for text in word.root.iter(f"{W}t"):
            text.text = (text.text or "").replace("满意", "不满意").replace("通过", "否决")
        for source, head in heads.items():
            tag = f"proof.{source}.head"
            word.body.insert(
                0,
                xml(
                    f'<w:p><w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>'
                    f"<w:r><w:t>{behind(head)}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
                ),
            )

    return mutate


def _unrelated(word: Word) -> None:
    rels = word.parts["word/_rels/document.xml.rels"].decode()
    word.parts["word/_rels/document.xml.rels"] = re.sub(
        '<Relationship Id="rIdProof"[^>]*>', "", rels
    ).encode()


def _twice(word: Word) -> None:
    word.parts["customXml/item9.xml"] = word.parts[_ITEM]
    word.relate("customXml", "../customXml/item9.xml")


def _garbled(word: Word) -> None:
    word.parts[_ITEM] = b'<proof xmlns="urn:lvzhi:proof:1">nothing</proof>'


def _property(name: str, value: str) -> Mutation:
    def mutate(word: Word) -> None:
        text = word.parts["docProps/custom.xml"].decode()
        place = re.search(f'name="{name}"><vt:lpwstr>([^<]*)<', text)
        assert place
        word.parts["docProps/custom.xml"] = (text[: place.start(1)] + value + text[place.end(1) :]).encode()

    return mutate


MUTATIONS: Final[dict[str, Mutation]] = {
    "proof: head": _source("head", 58),
    "proof: hash": _source("hash", "0" * 64),
    "proof: counted": _source("counted", 58),
    "proof: excluded": _source("excluded", 1),
    "proof: counts": _source("counts", {"activity": 59}),
    "proof: reasons": _source("reasons", {"activity 已作废": 1}),
    "proof: a source left out": _stated(lambda content: content["sources"].pop()),
    "proof: a figure": _stated(lambda content: content["figures"].update({"congress.sessions": "3"})),
    "proof: a paragraph left out": _stated(lambda content: content["blocks"].pop(4)),
    "proof: another period": _stated(lambda content: content.update({"to": "2020-12-31"})),
    "proof: another town": _stated(lambda content: content.update({"town": "340281101"})),
    "proof: signed by somebody else": _resigned,
    "proof: not signed": _unsecured,
    "proof: taken away": _gone,
    "proof: taken away, heads behind the seals": _as_of_before(lambda head: head + 1),
    "proof: taken away, heads of the first events": _as_of_before(lambda _: 1),
    "proof: taken away, heads of the seals": _as_of_before(lambda head: head),
    "proof: not related": _unrelated,
    "proof: two of them": _twice,
    "proof: garbled": _garbled,
    "properties: another town": _property("lvzhi-town", "340281101"),
    "properties: another day": _property("lvzhi-to", "2020-12-31"),
}
