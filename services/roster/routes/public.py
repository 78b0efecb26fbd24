"""Public addresses of deputies and stations under the roster: the pages are those of reports, which has the counts."""

from aiohttp import web

from shared.http import PUBLIC, Call, route


@route("GET", "/public/towns/{town}/deputies/{id}", roles=PUBLIC, quiet=True, status=308)
async def public_deputy(call: Call) -> web.Response:
    """代表的公开页；转到总结服务，履职次数在那里。"""
    return _moved(call)


@route("GET", "/public/towns/{town}/stations/{id}", roles=PUBLIC, quiet=True, status=308)
async def public_station(call: Call) -> web.Response:
    """活动阵地的公开页；转到总结服务。"""
    return _moved(call)


def _moved(call: Call) -> web.Response:
    place = call.request.rel_url.raw_path.removeprefix("/roster")
    return web.Response(status=308, headers={"Location": f"/reports{place}"})
