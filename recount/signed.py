"""Who signed a manifest, and what it states: the properties of its document, and its figures by the recount."""

from collections.abc import Mapping
from typing import Any

from recount import manifest
from recount.faults import FaultKind
from recount.judging import Judge
from recount.manifest import Manifest
from recount.model import Document

PLACE = "随文的证明"


def check(stated: Manifest, document: Document, judge: Judge, keys: Mapping[str, Any] | None) -> None:
    """`keys`: JWK set with the keys of the installation; without it the signature is not checked."""
    result = judge.result
    if keys is None:
        result.signer_unknown = True
        result.notes.append("没有给出公钥（--keys），没有核对随文的证明是谁签的")
    elif not manifest.is_signed(document.proof or "", keys):
        result.add(FaultKind.PROOF, PLACE, "签名无效，或者不是这个系统的密钥签的")
    properties = {"lvzhi-town": stated.town, "lvzhi-from": stated.first, "lvzhi-to": stated.last}
    for name, value in properties.items():
        if document.properties.get(name, value) != value:
            told = f"文件属性 {name} 写作“{document.properties[name]}”，应为“{value}”"
            result.add(FaultKind.PROOF, PLACE, told)
    for tag, text in stated.figures.items():
        if tag not in judge.then:
            result.notes.append(f"指标“{tag}”没有定义，没有重算")
        elif judge.then[tag] != text:
            told = f"指标“{tag}”写作“{text}”，按封存时的记录应为“{judge.then[tag]}”"
            result.add(FaultKind.PROOF, PLACE, told, tag=tag)
