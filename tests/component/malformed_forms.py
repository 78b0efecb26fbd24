"""Forms that cannot be read whole: (headers, body, the status each is refused with)."""

import gzip

FORM = "application/x-www-form-urlencoded"
MALFORMED: dict[str, tuple[dict[str, str], bytes, int]] = {
    "no form": ({"Content-Type": "text/plain"}, b"d1=satisfied", 415),
    "empty, of no type": ({"Content-Type": "application/octet-stream"}, b"", 415),
    "another charset": ({"Content-Type": f"{FORM}; charset=gb18030"}, b"d1=satisfied&d2=satisfied", 415),
    "no charset": ({"Content-Type": f"{FORM}; charset=klingon"}, b"d1=satisfied", 415),
    "not UTF-8": ({"Content-Type": FORM}, b"d1=%FF%FE&d2=satisfied", 400),
    "no boundary": ({"Content-Type": "multipart/form-data"}, b"--x\r\n\r\n", 400),
    "cut off": ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nContent-Disposition: fo", 400),
    "not gzip": ({"Content-Type": FORM, "Content-Encoding": "gzip"}, b"d1=satisfied", 400),
    "gzip of something else": (
        {"Content-Type": FORM, "Content-Encoding": "gzip"},
        gzip.compress(b"\xff\xfe\xfd"),
        400,
    ),
    "a field twice": ({"Content-Type": FORM}, b"d1=satisfied&d1=dissatisfied&d2=satisfied", 400),
    "a control character": ({"Content-Type": FORM}, b"d1=satisfied&d2=%00", 422),
}
