"""Dates, times, moments and ranges."""

from datetime import datetime, timezone

import pytest

from funcsmith.readers import Value, read

NOW = datetime(2026, 11, 23, 9, 0)  # a Monday
AROUND = [("", ""), ("请问 ", " 可以吗"), ("set ", ", please")]


def readings(text: str, kind: str) -> list[Value]:
    return [value for value in read(text, now=NOW) if value.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("今天", "date", "2026-11-23"),
        ("明天", "date", "2026-11-24"),
        ("后天", "date", "2026-11-25"),
        ("大后天", "date", "2026-11-26"),
        ("昨天", "date", "2026-11-22"),
        ("前天", "date", "2026-11-21"),
        ("下周三", "date", "2026-12-02"),
        ("下下周一", "date", "2026-12-07"),
        ("这周五", "date", "2026-11-27"),
        ("本周日", "date", "2026-11-29"),
        ("周五", "date", "2026-11-27"),
        ("上周五", "date", "2026-11-20"),
        ("下个星期天", "date", "2026-12-06"),
        ("月底", "date", "2026-11-30"),
        ("下个月3号", "date", "2026-12-03"),
        ("年底", "date", "2026-12-31"),
        ("三天后", "date", "2026-11-26"),
        ("两周前", "date", "2026-11-09"),
        ("一个月后", "date", "2026-12-23"),
        ("过三天", "date", "2026-11-26"),
        ("半年后", "date", "2027-05-23"),
        ("next Friday", "date", "2026-12-04"),
        ("this Friday", "date", "2026-11-27"),
        ("tomorrow", "date", "2026-11-24"),
        ("the day after tomorrow", "date", "2026-11-25"),
        ("in three days", "date", "2026-11-26"),
        ("a fortnight ago", "date", "2026-11-09"),
        ("end of the month", "date", "2026-11-30"),
        ("last Monday", "date", "2026-11-16"),
        ("two weeks from now", "date", "2026-12-07"),
        ("3 days ago", "date", "2026-11-20"),
        ("Friday next week", "date", "2026-12-04"),
        ("2026-03-01", "date", "2026-03-01"),
        ("2026/3/1", "date", "2026-03-01"),
        ("2026年3月1日", "date", "2026-03-01"),
        ("二〇二六年三月一日", "date", "2026-03-01"),
        ("12月1日", "date", "2026-12-01"),
        ("March 1st, 2026", "date", "2026-03-01"),
        ("1 March 2026", "date", "2026-03-01"),
        ("13.01.2026", "date", "2026-01-13"),
        ("the 5th of May 2025", "date", "2025-05-05"),
        ("Dec 25", "date", "2026-12-25"),
        ("明年3月1日", "date", "2027-03-01"),
        ("去年十二月二十五日", "date", "2025-12-25"),
        ("２０２６年３月１日", "date", "2026-03-01"),
        ("2026年3月", "month", "2026-03"),
        ("下个月", "month", "2026-12"),
        ("明年", "year", 2027),
        ("2026.3.1", "date", "2026-03-01"),
        ("20260301", "date", "2026-03-01"),
    ],
)
def test_dates(text, kind, value):
    """A date is ISO text, relative ones to now, weeks from Monday."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("下午三点半", "time", "15:30"),
        ("15:30", "time", "15:30"),
        ("3pm", "time", "15:00"),
        ("3:30 p.m.", "time", "15:30"),
        ("half past three", "time", "03:30"),
        ("quarter to five", "time", "04:45"),
        ("a quarter past six", "time", "06:15"),
        ("晚上八点一刻", "time", "20:15"),
        ("中午", "time", "12:00"),
        ("noon", "time", "12:00"),
        ("midnight", "time", "00:00"),
        ("上午9点05分", "time", "09:05"),
        ("凌晨两点", "time", "02:00"),
        ("15点", "time", "15:00"),
        ("八点差五分", "time", "07:55"),
        ("差一刻八点", "time", "07:45"),
        ("seven o'clock", "time", "07:00"),
        ("8 o'clock in the evening", "time", "20:00"),
        ("中午12点", "time", "12:00"),
        ("下午３：３０", "time", "15:30"),
        ("十二点十分", "time", "12:10"),
        ("晚上十点", "time", "22:00"),
        ("20时30分", "time", "20:30"),
        ("at 9 in the morning", "time", "09:00"),
        ("下午3:30", "time", "15:30"),
        ("三点五分", "time", "03:05"),
        ("早上7点半", "time", "07:30"),
    ],
)
def test_times(text, kind, value):
    """A clock time is HH:MM of 24 hours."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("明天下午三点", "datetime", "2026-11-24T15:00:00"),
        ("2026-03-01 15:30", "datetime", "2026-03-01T15:30:00"),
        ("2026-03-01T15:30:00Z", "datetime", "2026-03-01T15:30:00+00:00"),
        ("3pm on Friday", "datetime", "2026-11-27T15:00:00"),
        ("今晚八点", "datetime", "2026-11-23T20:00:00"),
        ("tomorrow at noon", "datetime", "2026-11-24T12:00:00"),
        ("3月5日上午10点", "datetime", "2026-03-05T10:00:00"),
        ("半小时后", "datetime", "2026-11-23T09:30:00"),
        ("in 2 hours", "datetime", "2026-11-23T11:00:00"),
        ("tomorrow at 3:30 pm", "datetime", "2026-11-24T15:30:00"),
        ("March 5, 2026 at 7pm", "datetime", "2026-03-05T19:00:00"),
        ("下周三的下午两点", "datetime", "2026-12-02T14:00:00"),
    ],
)
def test_datetimes(text, kind, value):
    """A date and a time that are said together are one moment."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("10点到16点", "range", ["10:00", "16:00"]),
        ("3-5 kg", "range", [3, 5]),
        ("from 3 to 5", "range", [3, 5]),
        ("3到5", "range", [3, 5]),
        ("下午2点到4点", "range", ["14:00", "16:00"]),
        ("between 3 and 5", "range", [3, 5]),
        ("9:00-17:00", "range", ["09:00", "17:00"]),
        ("3月1日到5日", "range", ["2026-03-01", "2026-03-05"]),
        ("9am to 5pm", "range", ["09:00", "17:00"]),
        ("3-5pm", "range", ["15:00", "17:00"]),
        ("20%~30%", "range", [20, 30]),
        ("三到五天", "range", [259200, 432000]),
        ("100至200元", "range", [100, 200]),
    ],
)
def test_ranges(text, kind, value):
    """A range has both its ends."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("from 4 April 2023 to 8 April", ["2023-04-04", "2023-04-08"]),
        ("from April 4th to April 8th, 2023", ["2023-04-04", "2023-04-08"]),
        ("from 2023 April 4th until the 8th", ["2023-04-04", "2023-04-08"]),
        ("2023年4月4日到8日", ["2023-04-04", "2023-04-08"]),
        ("三月四号至八号", ["2026-03-04", "2026-03-08"]),
        ("between March 3 and March 9, 2024", ["2024-03-03", "2024-03-09"]),
        ("the fair is between 3 May and 9 May 2024", ["2024-05-03", "2024-05-09"]),
        ("June 12-16, 2031", ["2031-06-12", "2031-06-16"]),
        ("June 12th–16th 2031", ["2031-06-12", "2031-06-16"]),
        ("2024 年 3 月 5 日至 8 日", ["2024-03-05", "2024-03-08"]),
        ("住 3 日", []),
        ("born 15 May 1990; remind me on 3 December", ["1990-05-15", "2026-12-03"]),
        ("from 28 December 2023 to 3 January", ["2023-12-28", "2024-01-03"]),
        ("Dec 28 to Jan 3, 2024", ["2023-12-28", "2024-01-03"]),
        ("30 April 2023 until the 2nd", ["2023-04-30", "2023-05-02"]),
        ("born on 15 May 1990 and 3 December is the party", ["1990-05-15", "2026-12-03"]),
        ("tomorrow, Aug9 2031", ["2031-08-09", "2031-08-09"]),
        (
            "rain tomorrow, December 5th and December 7th",
            ["2026-11-28", "2026-12-05", "2026-12-07"],
        ),
        ("明天，3天后提醒我", ["2026-11-28", "2026-11-30"]),
        ("pay 1500, December 4th", ["2026-12-04"]),
        ("room 1205 December 4th", ["2026-12-04"]),
        ("下周三（2027年3月3日）", ["2027-03-03", "2027-03-03"]),
        ("tomorrow and on 3 May 2027", ["2026-11-28", "2027-05-03"]),
    ],
)
def test_short_end_of_a_stretch_is_completed(text: str, days: list[str]) -> None:
    """The year, or the month, that one end of a stretch states is the other's too; apart it is not."""
    found = read(text, now=datetime(2026, 11, 27, tzinfo=timezone.utc))

    first: dict[int, str] = {}
    for value in found:
        if value.kind == "date":
            first.setdefault(value.start, value.value)
    assert list(first.values()) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Rain on Friday? Today is Thursday, 4 June 2026", "2026-06-05"),
        ("今天是2024年5月1日，大后天呢", "2024-05-04"),
        ("A room for Friday. Today is a busy day.", "2026-11-27"),
        ('Send Bob the note "today is May 1st 2020" tomorrow', "2026-11-28"),
    ],
)
def test_today_that_the_text_states_counts(text: str, day: str) -> None:
    """A text that says which day it is told from that day, not from the clock."""
    found = read(text, now=datetime(2026, 11, 27, tzinfo=timezone.utc))

    assert day in [value.value for value in found if value.kind == "date"]
