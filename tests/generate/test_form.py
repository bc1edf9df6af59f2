"""Values are written as a parameter's description wants them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.form import form_of, formed, wants_form
from funcsmith.generate.kinds import string_kind
from funcsmith.generate.options import options
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.mark.parametrize(
    ("description", "pattern"),
    [
        ("a day, YYYY-MM-DD", "%Y-%m-%d"),
        ("MM/DD/YYYY", "%m/%d/%Y"),
        ("local time, dd/mm/yyyy HH:MM", "%d/%m/%Y %H:%M"),
        ("Format: %Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"),
        ("YYYY年MM月DD日", "%Y年%m月%d日"),
        ("24 小时制 HH:MM", "%H:%M"),
        ("the date (month-day-year)", "%m-%d-%Y"),
        ("such as '2024-03-15T10:00:00Z'", "%Y-%m-%dT%H:%M:%SZ"),
        ("e.g. 25/12/2024", "%d/%m/%Y"),
        ("HH:MM DD/MM/YYYY", "%H:%M %d/%m/%Y"),
        ("date (DD/MM/YYYY) and time (HH:MM)", "%d/%m/%Y %H:%M"),
        ("MM/DD/YYYY, HH:MM:SS", "%m/%d/%Y %H:%M:%S"),
        ("date and time in ISO 8601", "%Y-%m-%dT%H:%M:%S"),
        ("MM:SS of the lap", None),
        ("YYYY-MM of the bill", None),
        ("the COMMAND to run", None),
        ("", None),
    ],
)
def test_form_is_read_from_the_description(description: str, pattern: str | None) -> None:
    """Named, in words or by an example; what names no day and no hour is no form."""
    found = form_of(description)

    assert (found and found.pattern) == pattern


def _offered(text: str, description: str, name: str = "when") -> list[object]:
    schema = {"type": "string", "description": description}
    offered = options(text, name, schema, values=read(text, now=NOW), now=NOW)
    assert offered is not None
    return [(one.value, text[slice(*one.spans[0])]) for one in offered[:1]]


@pytest.mark.parametrize(
    ("text", "description", "offered"),
    [
        ("叫车，大后天下午三点", "dd/mm/yyyy HH:MM", ("26/11/2026 15:00", "大后天下午三点")),
        ("a taxi on 3 May 2027", "MM/DD/YYYY", ("05/03/2027", "3 May 2027")),
        ("call at half past four pm", "HH:MM:SS", ("16:30:00", "half past four pm")),
    ],
)
def test_values_are_offered_in_that_form(
    text: str, description: str, offered: tuple[str, str]
) -> None:
    """The characters are the text's, the value is what the parameter wants."""
    assert _offered(text, description) == [offered]


@given(
    st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2099, 12, 31).date()),
    st.permutations(["DD", "MM", "YYYY"]),
    st.sampled_from(["-", "/", "."]),
)
def test_a_day_in_any_form_is_read_back(day: object, parts: list[str], between: str) -> None:
    """Whatever the order and the mark: what is written by a form is read by the same form."""
    form = form_of(f"the day, {between.join(parts)}")

    assert form is not None
    written = form.written(str(day))
    assert str(datetime.strptime(written, form.pattern).date()) == str(day)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1)))
def test_moments_keep_their_minutes(moment: datetime) -> None:
    """A moment written with hours and minutes is that moment to the minute."""
    form = form_of("YYYY-MM-DD HH:MM")

    assert form is not None
    back = datetime.strptime(form.written(moment.isoformat()), form.pattern)
    assert timedelta(0) <= moment - back < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("date", "date"), ("checkInDate", "date"), ("check_in", "date"), ("birthday", "date"),
        ("updated", "string"), ("holiday_name", "string"), ("day_of_week", "string"),
        ("date_range", "string"), ("start_time", "time"), ("time_zone", "string"),
        ("time_frame", "string"), ("timeout", "string"), ("playtime", "string"), ("日期", "date"),
    ],
)  # fmt: skip
def test_names_speak_of_days_only_as_whole_words(name: str, kind: str) -> None:
    """An update is no date, and a time zone no time."""
    assert string_kind(name, {}) == kind


def test_words_stay_where_no_reader_knows_the_day() -> None:
    """A day that is wanted in no form of its own may be any words of the text."""
    text = "concerts this weekend"
    schema = {"type": "string", "description": "when"}

    assert options(text, "date", schema, values=read(text, now=NOW), now=NOW) is None
    formal = {"type": "string", "description": "YYYY-MM-DD"}
    assert options(text, "date", formal, values=read(text, now=NOW), now=NOW) == []


@pytest.mark.parametrize(
    ("words", "written", "description", "value"),
    [
        ("Boston", "Boston, MA", "City, State", "Boston, MA"),
        ("SF", "San Francisco, CA", "City, State", "San Francisco, CA"),
        ("Boston", "Paris, France", "City, State", "Boston"),
        ("Boston, MA", "MA", "City, State", "Boston, MA"),
        ("葡萄牙", "PT", "two-letter country code", "PT"),
        ("Apple", "the phone company", "ticker symbol", "Apple"),
        ("Apple", "", "ticker symbol", "Apple"),
        ("LA", "Dallas, TX", "City, State", "LA"),
        ("in", "Paris, France", "City, State", "in"),
        ("", "PT", "country code", ""),
    ],
)
def test_only_the_words_own_form_is_taken(
    words: str, written: str, description: str, value: str
) -> None:
    """What the model writes for other words than the text's is not used."""
    assert formed(words, written, description) == value


def test_form_is_wanted_only_where_it_is_named() -> None:
    """A city alone is copied as it stands."""
    assert wants_form("Where, as City, State")
    assert wants_form("ISO 3166 code")
    assert wants_form("国家代码")
    assert not wants_form("The city to go to")
