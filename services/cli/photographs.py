"""Photographs carried from the activities to the report, so that no clerk handles a digest."""

from typing import Any

from services.cli.client import Client
from services.cli.office import Say, Unfinished
from shared.pictures import PICTURES, sniffed


async def carry(client: Client, town: str, period: str, most: int, say: Say) -> int:
    """Hand over what the annex of the period shows: what was chosen before, else the first `most` pictures of its
    activities, which are chosen by it. Returns how many the annex shows now. Raises Refused, Unfinished.
    """
    base = f"/reports/v1/towns/{town}/periods/{period}"
    candidates = (await client.json("GET", f"{base}/photographs"))["items"]
    settings = await client.json("GET", f"{base}/settings")
    chosen = list(settings["photographs"])
    wanted = _each_once(candidates)
    if chosen:
        wanted = [one for one in wanted if one["digest"] in chosen]
    shown: list[str] = []
    for one in wanted:
        if len(shown) == most and not chosen:
            break
        if one["handed_over"] or await _hand_over(client, town, one, say):
            shown.append(one["digest"])
    if not shown:
        raise Unfinished(f"{period} 的活动没有可以放进附件的照片：请先在履职登记中上传，写进活动的佐证材料")
    if not chosen:
        headers = {"If-Match": f'"{settings["version"]}"'} if settings["version"] else {}
        await client.patch(f"{base}/settings", {"photographs": shown}, headers)
    return len(shown)


def _each_once(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A picture that several activities have as evidence stands where the first has it."""
    return list({one["digest"]: one for one in reversed(candidates)}.values())[::-1]


async def _hand_over(client: Client, town: str, one: dict[str, Any], say: Say) -> bool:
    """Whether it is a picture; what was scanned as PDF stays where it is."""
    data = await client.download(f"/activities/v1/towns/{town}/evidence/{one['evidence']}")
    content_type = sniffed(data)
    if content_type not in PICTURES:
        return False
    headers = {"Content-Type": content_type}
    await client.put(f"/reports/v1/towns/{town}/photographs/{one['digest']}", data, headers)
    say(f"已交来 {one['held_on']} {one['title']} 的照片")
    return True
