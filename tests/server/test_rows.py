"""A kept function over the rows of a file, by REST and on the page: nothing of it stays behind."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from funcsmith.server.rows import attachment
from funcsmith.server.uploads import MOST_OF_A_KEY, Uploads, UploadsFull

TAXED = "def taxed(price: float, rate: float = 0.13) -> float:\n    return round(price * (1 + rate), 2)\n"
EVIL = "<img src=x onerror=alert(1)>"
PRICES = "名称,Price,r\n茶,10,0.5\n米,x,0.5\n盐,2,0\n"


def kept(server: Any, source: str = TAXED, **headers: Any) -> None:
    added = server.client.post("/api/library", json={"source": source}, headers=headers)
    assert added.status_code == 201


def held(server: Any) -> list[Path]:
    """Every file that the server has of its clients."""
    root = server.service.uploads._root
    return [path for path in root.rglob("*") if path.is_file()] if root else []


def chosen(server: Any, content: str = PRICES, named: str = "prices.csv", **headers: Any) -> str:
    """The address at which a chosen file is gone over."""
    sent = server.client.post(
        "/page/library/taxed/file", params={"named": named}, content=content.encode(), headers=headers
    )  # fmt: skip
    assert sent.status_code == 200, sent.text
    found = re.search(r'action="(/page/files/[\w-]{43})/apply"', sent.text)
    assert found is not None
    return found[1]


def gone_over(server: Any, address: str, form: dict[str, str], **headers: Any) -> tuple[str, Any]:
    """The last event of going over a file."""
    answer = server.client.post(f"{address}/apply", data=form, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    name, data = answer.text.strip().split("\n\n")[-1].split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_rest_gives_the_rows_with_results_beside(serve: Any) -> None:
    """A body of rows comes back with results and errors, counted, and leaves nothing."""
    server = serve()
    kept(server)

    answer = server.client.post(
        "/api/library/taxed/apply", params={"map": "rate=r"}, content=PRICES.encode()
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (answer.headers["x-funcsmith-rows"], answer.headers["x-funcsmith-failed"]) == ("3", "1")
    assert answer.text.splitlines() == [
        "名称,Price,r,result,error",
        "茶,10,0.5,15.0,",
        "米,x,0.5,,price: not a number (x)",
        "盐,2,0,2.0,",
    ]
    assert held(server) == []
    assert server.engine.prompts == []
    lines = (server.service.settings.home / "audit.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])
    assert (last["action"], last["function"], last["status"]) == ("apply", "taxed", "ok")


def test_rest_takes_json_lines_a_value_for_all_and_drops_errors(serve: Any) -> None:
    """The format is the query's; one value may hold for all rows; rows with errors may be left out."""
    server = serve()
    kept(server)
    lines = '{"price": 10}\n{"price": "ten"}\n'

    answer = server.client.post(
        "/api/library/taxed/apply",
        params={"format": "jsonl", "set": "rate=1", "errors": "drop"},
        content=lines.encode(),
    )

    assert answer.headers["content-type"] == "application/jsonl"
    assert [json.loads(line) for line in answer.text.splitlines()] == [
        {"price": 10, "result": 20.0, "error": None}
    ]


@pytest.mark.parametrize(
    ("params", "content", "status", "said"),
    [
        ({}, "n\n1\n", 422, "Which column is price? body.csv has: n"),
        ({"map": "price=m"}, "n\n1\n", 422, "body.csv has no column 'm'"),
        ({"map": "price"}, "n\n1\n", 422, "map=price is not PARAMETER="),
        ({"set": "rate=much"}, "price\n1\n", 422, "rate=much does not fit"),
        ({"errors": "stop"}, "price\nx\n", 422, "Row 1: price: not a number"),
        ({}, "", 422, "body.csv cannot be read: it is empty."),
        ({"format": "xlsx"}, "price\n1\n", 422, "format"),
    ],
)
def test_what_cannot_be_gone_over_is_said(
    serve: Any, params: Any, content: str, status: int, said: str
) -> None:
    """What is wrong is said of the file that was sent, never of the server's own, and nothing stays."""
    server = serve()
    kept(server)

    answer = server.client.post("/api/library/taxed/apply", params=params, content=content.encode())

    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]
    assert "funcsmith-files" not in answer.text
    assert held(server) == []


def test_file_is_bounded_as_every_body_is(serve: Any) -> None:
    """A file beyond the limit is refused, also where its length is not stated, and nothing stays."""
    server = serve(body_limit=2_000)
    kept(server)

    def pieces() -> Any:
        for _ in range(40):
            yield b"1\n" * 50

    stated = server.client.post("/api/library/taxed/apply", content=b"price\n" + b"1\n" * 2_000)
    streamed = server.client.post(
        "/page/library/taxed/file", params={"named": "a.csv"}, content=pieces()
    )

    assert (stated.status_code, streamed.status_code) == (413, 413)
    assert held(server) == []


def test_address_is_described(serve: Any) -> None:
    """OpenAPI says what goes in and what comes out."""
    paths = serve().client.get("/api/openapi.json").json()["paths"]
    described = paths["/api/library/{name}/apply"]["post"]

    assert set(described["requestBody"]["content"]) == {
        "text/csv", "text/tab-separated-values", "application/jsonl",
    }  # fmt: skip
    assert {one["name"] for one in described["parameters"]} == {
        "name", "format", "map", "set", "errors",
    }  # fmt: skip
    assert "X-Funcsmith-Failed" in described["responses"]["200"]["headers"]


def test_page_guesses_columns_runs_and_gives_the_result_once(serve: Any, harmless: Any) -> None:
    """Columns are guessed by name and may be changed; the result is fetched once, then all is gone."""
    server = serve()
    kept(server)
    page = server.client.post(
        "/page/library/taxed/file", params={"named": "价格 表.csv"}, content=PRICES.encode()
    ).text
    selects = re.findall(r"<select.*?</select>", page, re.DOTALL)
    assert '<option value="1" selected>Price</option>' in selects[0]
    assert "selected" not in selects[1]
    assert "茶" in harmless(page)

    address = chosen(server, named="价格 表.csv")
    name, told = gone_over(server, address, {"from.price": "1", "from.rate": "2"})
    shown = harmless(told["html"])
    fetched = server.client.get(address)
    again = server.client.get(address)

    assert name == "outcome" and told["text"] == "3 rows done, 1 with an error"
    assert "price: not a number (x)" in shown and "15.0" in shown
    assert fetched.text.splitlines()[1] == "茶,10,0.5,15.0,"
    assert "%E4%BB%B7%E6%A0%BC%20%E8%A1%A8-result.csv" in fetched.headers["content-disposition"]
    assert again.status_code == 404
    # The one file that was only looked at is still there, for an hour.
    assert [path.name for path in held(server)] == ["rows.csv"]


def test_page_takes_one_value_for_all_rows_or_leaves_one_out(serve: Any) -> None:
    """A parameter may have a value of its own, or none although a column has its name."""
    server = serve()
    kept(server)
    rows = "price,rate\n10,1\n"
    address = chosen(server, rows)

    gone_over(server, address, {"from.price": "0", "from.rate": "value", "value.rate": "2"})
    fixed = server.client.get(address).text
    address = chosen(server, rows)
    gone_over(server, address, {"from.price": "0", "from.rate": ""})
    left_out = server.client.get(address).text

    assert fixed.splitlines()[1] == "10,1,30.0,"
    assert left_out.splitlines()[1] == "10,1,11.3,"


def test_wide_file_offers_what_a_page_can_hold(serve: Any) -> None:
    """Of very many columns the first are offered and the guessed one; a choice's default is plain."""
    server = serve()
    kept(
        server,
        "from typing import Literal\n\n\n"
        "def taxed(price: float, kind: Literal['a', 'b'] = 'b') -> str:\n"
        "    return f'{kind}{price}'\n",
    )
    rows = ",".join([*(f"c{n}" for n in range(2_000)), "price"]) + "\n" + "1," * 2_000 + "7\n"

    page = server.client.post(
        "/page/library/taxed/file", params={"named": "wide.csv"}, content=rows.encode()
    ).text
    address = chosen(server, rows)
    gone_over(server, address, {"from.price": "2000", "from.kind": "value", "value.kind": "a"})

    assert page.count("<option") == 501 + 1 + 1 + 500 + 1
    assert '<option value="2000" selected>price</option>' in page
    assert 'name="value.kind" value="b"' in page
    assert server.client.get(address).text.splitlines()[1].endswith(",7,a7.0,")


def test_page_says_in_the_stream_what_went_wrong(serve: Any) -> None:
    """A column that was not chosen is asked for in the reader's language, and no result is there."""
    server = serve()
    kept(server)
    address = chosen(server, "a\n1\n")

    name, told = gone_over(server, address, {"from.price": ""}, **{"Accept-Language": "zh"})

    assert name == "error" and "对应哪一列" in told["message"]
    assert server.client.get(address).status_code == 404


def test_progress_comes_while_rows_are_done(serve: Any) -> None:
    """After the first chunk of rows the page is told how far it is, not only at the end."""
    server = serve()
    kept(server)
    address = chosen(server, "price\n" + "1\n" * 20_000)

    answer = server.client.post(f"{address}/apply", data={"from.price": "0"}).text

    notes = [json.loads(one) for one in re.findall(r"event: stage\ndata: (.*)", answer)]
    shares = [one["data"]["share"] for one in notes]
    assert notes[0]["text"] == "500 rows done"
    assert shares == sorted(shares) and 0 < shares[0] < 1
    assert "20,000 rows done" in answer


def test_file_belongs_to_the_key_that_sent_it(serve: Any) -> None:
    """Another key, of the same tenant or another, finds nothing; one that may only read sends nothing."""
    server = serve()
    one, two, other, reader = (
        {"Authorization": f"Bearer {server.ring.add(name, scope, tenant=tenant)}"}
        for name, scope, tenant in (
            ("one", "write", "t"),
            ("two", "write", "t"),
            ("other", "admin", ""),
            ("reader", "read", "t"),
        )
    )
    kept(server, **one)
    address = chosen(server, **one)
    gone_over(server, address, {"from.price": "1"}, **one)

    seen = [server.client.get(address, headers=key).status_code for key in (two, other, reader, {})]
    ran = server.client.post(f"{address}/apply", data={"from.price": "1"}, headers=two)
    refused = server.client.post("/api/library/taxed/apply", content=b"price\n1\n", headers=reader)

    assert seen == [404, 404, 403, 401]
    assert (ran.status_code, refused.status_code) == (404, 403)
    assert server.client.get(address, headers=one).text.startswith("名称,Price")


def test_client_that_leaves_ends_the_run(serve: Any) -> None:
    """Rows are not gone over for nobody: the fence is stopped, and the file of a call is gone."""
    server = serve()
    slow = "def slow(n: int) -> int:\n    while n:\n        pass\n    return n\n"
    kept(server, slow)
    rows = b"n\n" + b"1\n" * 100

    with pytest.raises(Exception, match="timed out"):
        server.client.post("/api/library/slow/apply", content=rows, timeout=0.5)

    until = time.monotonic() + 20
    while held(server):
        assert time.monotonic() < until
        time.sleep(0.05)
    lines = (server.service.settings.home / "audit.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["status"] == "stopped"


def test_hostile_file_is_never_markup(serve: Any, harmless: Any) -> None:
    """Names, columns, cells, results and errors with markup in them."""
    server = serve()
    source = (
        "def taxed(a: str, b: str = '') -> str:\n"
        "    if b:\n        raise ValueError(a)\n    return a + a\n"
    )
    kept(server, source)
    quoted = EVIL.replace('"', '""')

    rows = f'a,b,"{quoted}"\n"{quoted}",,\n"{quoted}",1,\n'
    looked = server.client.post(
        "/page/library/taxed/file", params={"named": f"{EVIL}.csv"}, content=rows.encode()
    )
    harmless(looked.text)
    address = chosen(server, rows, f"{EVIL}.csv")
    _, told = gone_over(server, address, {"from.a": "0", "from.b": "1"})

    assert harmless(told["html"]).count(EVIL) >= 4
    assert "<" not in server.client.get(address).headers["content-disposition"]


def test_uploads_are_bounded_and_go_in_time(tmp_path: Path) -> None:
    """A key's newest files replace its oldest, never one that is being worked on; time ends them."""
    from funcsmith.server.keys import OWNER

    uploads = Uploads(seconds=0.2)
    made = [uploads.new(OWNER, "f", "a.csv", ".csv", ".csv") for _ in range(MOST_OF_A_KEY)]
    with uploads.using(made[0]):
        fifth = uploads.new(OWNER, "f", "a.csv", ".csv", ".csv")
        there = [one.path.parent.is_dir() for one in (*made, fifth)]
        with pytest.raises(UploadsFull), uploads.using(made[0]):
            pass
    time.sleep(0.3)
    uploads.sweep()
    root = fifth.path.parent.parent

    assert there == [True, False, True, True, True]
    assert [*root.iterdir()] == []
    uploads.new(OWNER, "f", "a.csv", ".csv", ".csv")
    uploads.close()
    assert not root.exists()


def test_attachment_is_one_header_whatever_the_name() -> None:
    """Quotation marks and line ends of a name end nothing."""
    assert attachment('a"\r\nX: 1.csv') == (
        "attachment; filename=\"a___X__1.csv\"; filename*=UTF-8''a%22%0D%0AX%3A%201.csv"
    )
