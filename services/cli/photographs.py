"""`lvzhi photographs`: copies photographs from the activities service to the report."""

from http import HTTPStatus
from typing import Any

from services.cli.client import Client, Refused
from services.cli.office import Echo, Unfinished
from shared.documents.pictures import PICTURES, detect_type


async def attach(client: Client, town: str, period: str, most: int, echo: Echo) -> int:
    """Upload the photographs of the period's annex: those chosen before, else the first `most` of its activities, which
    are then chosen. Returns how many the annex has now. Errors: Refused, Unfinished.
    """
    base = f"/reports/v1/towns/{town}/periods/{period}"
    candidates = (await client.json("GET", f"{base}/photographs"))["items"]
    settings = await client.json("GET", f"{base}/settings")
    chosen = list(settings["photographs"])
    pictures = _distinct(candidates)
    if chosen:
        pictures = [picture for picture in pictures if picture["digest"] in chosen]
    shown = await _shown(client, base) if chosen else None
    digests: list[str] = []
    for picture in pictures:
        if len(digests) == most and not chosen:
            break
        there = picture["handed_over"] and (shown is None or picture["digest"] in shown)
        if there or await _upload(client, town, picture, echo):
            digests.append(picture["digest"])
    if not digests:
        raise Unfinished(f"{period} 的活动没有可以放进附件的照片：请先在履职登记中上传，写进活动的佐证材料")
    if not chosen:
        headers = {"If-Match": f'"{settings["version"]}"'} if settings["version"] else {}
        await client.patch(f"{base}/settings", {"photographs": digests}, headers)
    return len(digests)


async def _shown(client: Client, base: str) -> set[str] | None:
    """Photographs of the latest edition, None where there is none. It may have been compiled while no activity cited
    one that is handed over: sent again, it is in the draft."""
    try:
        report = await client.json("GET", f"{base}/report")
    except Refused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return None
    return {photograph["digest"] for photograph in report["photographs"]}


def _distinct(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Remove duplicates by digest, keeping the first."""
    return list({candidate["digest"]: candidate for candidate in reversed(candidates)}.values())[::-1]


async def _upload(client: Client, town: str, picture: dict[str, Any], echo: Echo) -> bool:
    """Upload a file if it is a picture, and return whether it is; PDF scans are skipped."""
    data = await client.download(f"/activities/v1/towns/{town}/evidence/{picture['evidence']}")
    content_type = detect_type(data)
    if content_type not in PICTURES:
        return False
    headers = {"Content-Type": content_type}
    await client.put(f"/reports/v1/towns/{town}/photographs/{picture['digest']}", data, headers)
    echo(f"已交来 {picture['held_on']} {picture['title']} 的照片")
    return True
