"""A town's year with everything the example's summary must state, small enough to read."""

from tests.unit.reports.book import Book, attendance, result

SURNAMES = "丁于马王毛方邓刘许孙李吴何张陈林周郑赵胡钟徐高郭黄曹梁彭董蒋韩程曾谢蔡潘薛戴魏"


def example(book: Book | None = None, *, town_first: bool = True) -> Book:
    """Written into `book`; `town_first` false writes the town's own record later, which must make no difference."""
    book = book or Book()
    if town_first:
        _town(book)
    stations = _stations(book)
    groups = _groups(book, stations)
    town, county = _deputies(book, groups)
    if not town_first:
        _town(book)
    _meetings(book, town)
    _activities(book, groups, town)
    _suggestions(book, town)
    _ratings(book, town, county)
    return book


def _town(book: Book) -> None:
    book.town_(
        name="示例镇", county_name="无为市", city_name="芜湖市", congress_number=17, quota=63, rules={}
    )


def _stations(book: Book) -> list[str]:
    rooms = [
        ("新城村部", ["五洲村", "太白村", "新城村"]),
        ("镇政府三楼镇人大活动中心", ["集镇社区", "机关单位", "上级代表"]),
        ("瑞康公司", ["吴大村", "南都村"]),
        ("供电所三楼会议室", ["南湖村", "飞雁村", "部分企业"]),
    ]
    return [book.add("station", name=name, kind="activity_room", serves=serves) for name, serves in rooms]


def _groups(book: Book, stations: list[str]) -> list[str]:
    rooms = [0, 1, 2, 3, 1]
    rules = ["小组活动制度", "联系选民制度"]
    return [
        book.add(
            "group", number=n, level="upper" if n == 5 else "town", station_id=stations[room], rules=rules
        )
        for n, room in enumerate(rooms, start=1)
    ]


def _deputies(book: Book, groups: list[str]) -> tuple[list[str], list[str]]:
    town = []
    for n in range(63):
        name = f"{SURNAMES[n % len(SURNAMES)]}示例{n + 1}"
        roles = ["group_leader"] if n < 4 else ["chair"] if n == 4 else ["presidium"] if n < 11 else []
        group = groups[n % 4]
        town.append(book.deputy(name, gender="f" if n % 3 == 0 else "m", group_id=group, roles=roles))
    persons = [f"{book.prefix}person-{n}" for n in range(1, 4)]
    county = [book.deputy(person_id=person, level="county", group_id=groups[4]) for person in persons]
    county += [book.deputy(f"严示例{n}", level="county", group_id=groups[4]) for n in range(11)]
    for n in range(2):
        book.deputy(f"汪示例{n}", level="city", group_id=groups[4])
    book.add(
        "group", groups[4], number=5, level="upper", leader_deputyship_id=county[5],
        station_id=f"{book.prefix}station-2",
        rules=["小组活动制度", "联系选民制度"],
    )  # fmt: skip
    return town, county


def _meetings(book: Book, town: list[str]) -> None:
    reports = [
        {"title": "镇人民政府工作报告", "kind": "government", "adopted": True},
        {"title": "镇人大主席团工作报告", "kind": "presidium", "adopted": True},
        {
            "title": "关于2019年预算执行情况和2020年预算草案的报告",
            "kind": "budget",
            "adopted": True,
            "published_on": "2020-06-24",
        },
    ]
    book.add(
        "session", verb="held", congress_number=17, session_number=7, planned_on="2020-03-20",
        postponed_reason="新冠肺炎疫情防控需要", held_on="2020-06-09", reports=reports,
        resolutions=[{"title": f"关于{str(report['title']).removeprefix('关于')}的决议"} for report in reports],
        attendance=attendance(town[:58], on_leave=town[58:61], absent=town[61:]), expected=town, observers=12,
    )  # fmt: skip
    members = town[4:11]
    for number, day in enumerate(("2020-03-18", "2020-05-20", "2020-08-12", "2020-11-05"), start=1):
        decisions = [{"text": "督办", "due_on": "2020-12-01", "done_on": "2020-11-20"}]
        book.add(
            "presidium_meeting", verb="held", number=number, held_on=day, topics=["民生工程", "法治建设"],
            special_reports=["环境整治工作报告"] if number % 2 else ["法律援助工作报告"], opinions=["意见一", "意见二"],
            decisions=decisions, attendance=attendance(members), expected=members,
        )  # fmt: skip


def _activities(book: Book, groups: list[str], town: list[str]) -> None:
    for n in range(23):
        topics = ["政治理论"] if n < 12 else ["代表法"] if n < 18 else ["预算审查"]
        book.add(
            "activity", verb="held", kind="training", title=f"学习会{n + 1}", held_on=f"2020-{n % 11 + 1:02}-15",
            topics=topics, attendance=attendance(town[n : n + 40]),
        )  # fmt: skip
    for n, group in enumerate(groups):
        members = town[n::4] if n < 4 else []
        items = [
            {"id": f"{n}-{q}", "title": f"第{q}次活动", "kind": "group_activity", "due_on": f"2020-{q * 3 - 1:02}-20",
             "theme": "环境整治", "state": "done", "done_on": f"2020-{q * 3 - 1:02}-10"}
            for q in range(1, 5)
        ]  # fmt: skip
        book.add("plan", verb="adopted", year=2020, group_id=group, items=items)
        for q in range(1, 5) if members else ():
            book.add(
                "activity", verb="held", kind="group_activity", title="环境整治", held_on=f"2020-{q * 3 - 1:02}-10",
                group_id=group, attendance=attendance(members[:-1], on_leave=members[-1:]), evidence=["photo"],
            )  # fmt: skip
    book.add("activity", kind="inspection", title="农村道路", held_on="2020-09-10", attendance=attendance(town[:20]),
             opinions_count=8, sites_count=5)  # fmt: skip
    book.add("activity", kind="reception", title="接待日", held_on="2020-10-15", attendance=attendance(town[:6]),
             voters_count=18)  # fmt: skip
    for state, closed_on in (("closed", "2020-10-30"), ("forwarded", None)):
        book.add("opinion", received_on="2020-10-15", state=state, closed_on=closed_on, category="道路")


def _suggestions(book: Book, town: list[str]) -> None:
    for n in range(1, 7):
        steps = [{"action": "assigned", "on": "2020-06-15", "unit": "镇政府", "due_on": "2020-09-15"}]
        if n < 6:
            steps.append({"action": "replied", "on": "2020-09-01", "class": "abcda"[n - 1]})
            steps.append({"action": "rated", "on": "2020-09-10", "result": "satisfied"})
        book.add(
            "suggestion", verb="raised", number=n, raised_on="2020-06-09", raised_at="session", title=f"修路{n}",
            lead_deputyship_id=town[n], unit="镇政府", due_on="2020-09-15", steps=steps,
        )  # fmt: skip


def _ratings(book: Book, town: list[str], county: list[str]) -> None:
    for n in range(2):
        ids = [county[n], *town[20 + n * 3 : 23 + n * 3]]
        counts = dict.fromkeys(ids, (40, 6, 1))
        book.meeting(
            ids, held_on=f"2020-12-0{n + 2}", constituency=f"第{'一二'[n]}选区", present=50,
            result=result(counts, issued=50, returned=49, void=1),
        )  # fmt: skip
