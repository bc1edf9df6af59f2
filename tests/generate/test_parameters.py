"""Parameters are filled together, from the text alone, whatever the schema looks like."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funcsmith.contract import Tool
from funcsmith.generate.certainty import Certainty
from funcsmith.generate.filled import Filled
from funcsmith.generate.filling import settle
from funcsmith.generate.kinds import properties
from funcsmith.generate.members import named
from funcsmith.generate.options import options
from funcsmith.generate.parameters import Chosen, _is_one_of, choose
from funcsmith.generate.shown import listed, shown
from funcsmith.generate.task import Spending
from funcsmith.models.scripted import Scripted
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)


def tool(name: str = "f", *, required: list[str] | None = None, **types: Any) -> Tool:
    schemas = {n: t if isinstance(t, dict) else {"type": t} for n, t in types.items()}
    listed = list(schemas) if required is None else required
    return Tool(name=name, parameters={"type": "object", "properties": schemas, "required": listed})


def fill(text: str, wanted: Tool, given: dict[str, Any] | None = None, **written: Any) -> Filled:
    values = read(text, now=NOW)
    offers = {n: options(text, n, s, values=values, now=NOW) for n, s in properties(wanted).items()}
    return settle(text, wanted, written, offers, values=values, now=NOW, given=given or {})


def chosen(text: str, answer: str, *tools: Tool, **named: Any) -> Chosen:
    spending = Spending()
    found = choose(
        Scripted().enqueue(answer), text, tools, values=read(text, now=NOW), now=NOW,
        spending=spending, **named,
    )  # fmt: skip
    assert spending.model_calls == 1
    return found


def test_values_and_their_places() -> None:
    """Each argument comes with the characters that state it."""
    text = "寄 1.5 公斤到北京"

    filled = fill(text, tool(weight_kg="number", city="string"), weight_kg=1.5, city="北京")

    assert filled.arguments == {"weight_kg": 1.5, "city": "北京"}
    assert {k: [text[a:b] for a, b in v] for k, v in filled.spans.items()} == {
        "/weight_kg": ["1.5 公斤"],
        "/city": ["北京"],
    }
    assert (filled.missing, filled.unused) == ((), ())


def test_missing_required_is_listed() -> None:
    """What was not stated is missing, in the schema's order; what is optional is not."""
    filled = fill("寄到北京", tool(required=["weight", "city"], weight="number", city="string", note="string"),
                  city="北京")  # fmt: skip

    assert (filled.arguments, filled.missing) == ({"city": "北京"}, ("weight",))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("寄到北京", {"weight": 2.0}),
        ("寄到北京", {"weight": "北京"}),
        ("ship it to Rome", {"weight": 1}),
        ("去上海", {"city": "北京"}),
        ("to Rome", {"city": "Paris"}),
        ("明天", {"weight": 24}),
    ],
)
def test_invented_value_is_missing(text: str, written: dict[str, Any]) -> None:
    """What the model wrote and the text does not say is left out."""
    filled = fill(text, tool(weight="number", city="string"), **written)

    assert not set(written) & set(filled.arguments)
    assert set(written) <= set(filled.missing)


def test_one_value_serves_one_parameter() -> None:
    """The same 3 is not both rooms and nights."""
    filled = fill("订 3 个", tool(rooms="integer", nights="integer"), rooms=3, nights=3)

    assert list(filled.arguments.values()) == [3]
    assert len(filled.missing) == 1


def test_unit_decides_before_the_model() -> None:
    """Kilograms go to the weight and kilometres to the distance, whatever was written where."""
    filled = fill(
        "2 公斤运 30 公里",
        tool(distance_km="number", weight_kg="number"),
        distance_km=30,
        weight_kg=2,
    )

    assert filled.arguments == {"distance_km": 30, "weight_kg": 2}


@pytest.mark.parametrize(
    ("text", "value", "arguments"),
    [
        ("订房，要含早餐", True, {"breakfast": True}),
        ("订房，不含早餐", False, {"breakfast": False}),
        ("book a room with breakfast", True, {"breakfast": True}),
        ("book a room without breakfast", False, {"breakfast": False}),
        ("订房，不含早餐", True, {}),
        ("book a room", True, {}),
        ("book a room", False, {}),
    ],
)
def test_yes_or_no_by_meaning(text: str, value: bool, arguments: dict[str, bool]) -> None:
    """A flag needs words that speak of it, with or without a not."""
    schema = {"type": "boolean", "description": "是否含早餐"}

    assert fill(text, tool(breakfast=schema), breakfast=value).arguments == arguments


@pytest.mark.parametrize(
    ("text", "value", "kept"),
    [
        ("换成 USD", "USD", True),
        ("换成美元", "USD", True),
        ("换钱", "USD", False),
        ("看牙科", "dental", True),
        ("看医生", "dental", False),
    ],
)
def test_enum_by_meaning(text: str, value: str, kept: bool) -> None:
    """A listed value counts where the text names it, in its own words or the description's."""
    schema = {
        "type": "string",
        "enum": ["USD", "CNY", "dental", "eye"],
        "description": "USD 美元，CNY 人民币，dental 牙科，eye 眼科",
    }

    assert ("x" in fill(text, tool(x=schema), x=value).arguments) is kept


def test_given_values_come_first() -> None:
    """What the caller hands over needs no place in the text."""
    filled = fill(
        "寄到北京", tool(weight="number", city="string"), {"weight": 7, "z": 1}, city="北京"
    )

    assert filled.arguments == {"weight": 7, "city": "北京"}
    assert (list(filled.spans), filled.missing) == (["/city"], ())


def test_object_keeps_only_what_is_stated() -> None:
    """Members that the text does not state are left out."""
    guest = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    }

    filled = fill("给王芳订房", tool(guest=guest), guest={"name": "王芳", "age": 30})

    assert filled.arguments == {"guest": {"name": "王芳"}}


@pytest.mark.parametrize("name", ["get-weather", "math.add", "查询天气", "a b", "f", "class"])
def test_odd_function_names_are_kept(name: str) -> None:
    """The name is the caller's to the last character."""
    found = chosen("3 和 4", f"{name}(a=3, b=4)", tool(name, a="integer", b="integer"))

    assert found.name == name
    assert found.filled is not None
    assert (found.filled.function, found.filled.arguments) == (name, {"a": 3, "b": 4})
    assert found.probabilities[name] > 0.9


@pytest.mark.parametrize("names", [("guest-name", "math.x"), ("甲", "乙"), ("$a", "b c")])
def test_odd_parameter_names_are_kept(names: tuple[str, str]) -> None:
    """Parameter names need not be Python's."""
    one, two = names
    found = chosen("3 和 4", f"f({one}=3, {two}=4)", tool(**{one: "integer", two: "integer"}))

    assert found.filled is not None
    assert found.filled.arguments == {one: 3, two: 4}


@pytest.mark.parametrize("names", [("from", "to"), ("class", "in"), ("lambda", "is")])
def test_python_keywords_as_parameters(names: tuple[str, str]) -> None:
    """`from` and `to` are what people call them."""
    one, two = names
    found = chosen("3 和 4", f"f({one}=3, {two}=4)", tool(**{one: "integer", two: "integer"}))

    assert found.filled is not None
    assert found.filled.arguments == {one: 3, two: 4}


def test_name_that_begins_another() -> None:
    """add_all is not add."""
    found = chosen("3 和 4", "add_all(a=3)", tool("add", a="integer"), tool("add_all", a="integer"))

    assert found.name == "add_all"


@pytest.mark.parametrize("answer", ["other", "none"])
def test_neither_function(answer: str) -> None:
    """`other` and `none` fill nothing."""
    found = chosen("今天天气不错", answer, tool(a="integer"))

    assert (found.name, found.filled) == (answer, None)
    assert found.probabilities[answer] > 0.9


@pytest.mark.parametrize("answer", ["f(", "f(a=", "f(a=[[[", "f(a=__import__('os'))", "f)(", ""])
def test_broken_answer_fills_nothing(answer: str) -> None:
    """What cannot be read is not used; the required parameter is missing."""
    found = chosen("去北京", answer, tool(a="integer"))

    assert found.filled is None or found.filled == Filled("f", missing=("a",))


def test_shown_in_one_line() -> None:
    """A function is one line: short where it is offered, with types and words where it is called."""
    weather = Tool(
        name="get-weather",
        description="查询天气。\n第二行",
        parameters={
            "properties": {
                "城市": {"type": "string", "description": "城市名"},
                "days": {"type": "integer"},
                "unit": {"enum": ["C", "F"]},
                "xs": {"type": "array", "items": {"type": "number"}},
            },
            "required": ["城市"],
        },
    )

    assert shown(weather) == (
        "get-weather(城市: str, days: int, unit: Literal['C', 'F'], xs: list[float]) 城市: 城市名"
    )
    assert listed(weather) == "get-weather(城市, days, unit, xs): 查询天气。"


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5)
    | st.sampled_from(["integer", "number", "string", "array", "object", "boolean", "null", "date"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            "type enum const anyOf oneOf allOf items properties required description format default $ref".split()
        ),
        inner,
        max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip


@example({"a": None, "from": None, "": {"type": "integer"}}, None, "3 公斤和 5 米")
@given(
    st.dictionaries(
        st.sampled_from(["a", "weight_kg", "from", "城市", "b-c", ""]), _JUNK, max_size=3
    ),
    _JUNK,
    st.sampled_from(["3 公斤和 5 米", "去北京", "not included, 3 nights"]),
)
def test_any_schema_can_be_filled(schemas: dict[str, Any], required: Any, text: str) -> None:
    """A schema that makes no sense is no error of ours."""
    wanted = Tool(
        name="f", description="d", parameters={"properties": schemas, "required": required}
    )

    found = chosen(text, "f(a=3, weight_kg='x', from=[1], 城市={'a': 1})", wanted)

    assert found.filled is not None
    assert set(found.filled.arguments) <= set(schemas)


@given(st.text("3 公斤5米北京明天, kgm", max_size=30), st.dictionaries(
    st.sampled_from(["weight_kg", "distance_m", "city", "day"]),
    st.none() | st.booleans() | st.integers(0, 9) | st.text("北京明天3", max_size=3) | st.floats(),
))  # fmt: skip
def test_every_argument_has_its_place(text: str, written: dict[str, Any]) -> None:
    """Whatever the model wrote: each argument has a span in the text, the rest is missing."""
    wanted = tool(weight_kg="number", distance_m="number", city="string",
                  day={"type": "string", "format": "date"})  # fmt: skip

    filled = fill(text, wanted, **written)

    assert set(filled.arguments) | set(filled.missing) == set(properties(wanted))
    assert not set(filled.arguments) & set(filled.missing)
    for name in filled.arguments:
        assert filled.spans[f"/{name}"]
        assert all(0 <= a < b <= len(text) for a, b in filled.spans[f"/{name}"])


PEOPLE = {"type": "integer", "description": "how many people"}


def believed(text: str, share: float, absent: float = 0.0, **written: Any) -> Filled:
    wanted = tool(**dict.fromkeys(written, PEOPLE))
    values = read(text, now=NOW)
    offers = {n: options(text, n, s, values=values, now=NOW) for n, s in properties(wanted).items()}
    return settle(
        text, wanted, written, offers, values=values, now=NOW, given={},
        sure={name: Certainty(share, absent) for name in written},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "absent", "arguments"),
    [(0.97, 0.01, {"adults": 3}), (0.4, 0.01, {}), (0.9, 0.3, {})],
)
def test_hesitant_copy_is_not_used(share: float, absent: float, arguments: dict[str, Any]) -> None:
    """A number that the model copied with hesitation belongs to something else."""
    filled = believed("我们带 3 个孩子去", share, absent, adults=3)

    assert filled.arguments == arguments


def test_numerals_may_be_less_likely() -> None:
    """两千两百零八 is seldom written as 2208 at the first attempt."""
    assert believed("转两千两百零八", 0.4, amount=2208).arguments == {"amount": 2208}


def test_copied_words_become_the_value() -> None:
    """The call copies the text's words; the readers convert them."""
    found = chosen(
        "I need 250 cm, delivered tomorrow at 4 pm",
        'order(length_m="250 cm", day="tomorrow", time="4 pm")',
        tool("order", length_m="number", day={"type": "string", "description": "day, YYYY-MM-DD"},
             time={"type": "string", "description": "HH:MM"}),
    )  # fmt: skip

    assert found.filled is not None
    assert found.filled.arguments == {"length_m": 2.5, "day": "2026-11-24", "time": "16:00"}


def test_quotation_keeps_the_mark_it_ends_with() -> None:
    """Copies end before a mark, but a quotation is whole."""
    text = 'Count "Wait here. Back soon!" please'

    found = chosen(text, 'count(text="Wait here. Back soon")', tool("count", text="string"))

    assert found.filled is not None
    assert found.filled.arguments == {"text": "Wait here. Back soon!"}


def test_a_choice_that_nothing_names_is_not_made() -> None:
    """However sure the model is, an enumeration needs a word of the text."""
    noodles = tool("noodles", kind={"enum": ["plain", "beef"]}, size={"enum": ["small", "large"]})
    values = read("来个小碗的", now=NOW)
    schemas = properties(noodles)
    schemas["size"]["description"] = "small 小碗, large 大碗"
    offers = {n: options("来个小碗的", n, s, values=values, now=NOW) for n, s in schemas.items()}

    filled = settle(
        "来个小碗的", noodles, {"kind": "plain", "size": "small"}, offers, values=values, now=NOW,
        given={}, sure={"kind": Certainty(1.0, 0.0), "size": Certainty(0.9, 0.0)},
    )  # fmt: skip

    assert (filled.arguments, filled.missing) == ({"size": "small"}, ("kind",))


@pytest.mark.parametrize(
    ("name", "words", "member", "meant"),
    [
        ("sugar_free", "不要糖", False, True),
        ("sugar_free", "with sugar", True, False),
        ("drop_lowest", "keep the lowest one in", True, False),
        ("drop_lowest", "drop the lowest", True, True),
        ("insurance", "without insurance", True, False),
        ("insurance", "fully covered", True, True),
        ("window_seat", "by the window", True, True),
    ],
)
def test_a_not_decides_between_yes_and_no(name: str, words: str, member: bool, meant: bool) -> None:
    """Words that speak of a yes-or-no parameter decide by their own not; others as the model read them."""
    filled = fill(words, tool(**{name: "boolean"}), **{name: (words, member)})

    assert filled.arguments == {name: meant}
    assert filled.spans == {f"/{name}": [(0, len(words))]}


def test_member_that_is_named_is_meant() -> None:
    """Where the quoted words name one member, that one is meant, whatever the model wrote."""
    kinds = {"type": "string", "enum": ["economy", "suv", "van"]}

    filled = fill("rent a van", tool(car=kinds), car=("a van", "suv"))

    assert filled.arguments == {"car": "van"}


@pytest.mark.parametrize(
    ("words", "size"), [("大杯", "large"), ("中杯", "medium"), ("小杯", "small")]
)
def test_member_that_is_named_in_the_other_language_is_meant(words: str, size: str) -> None:
    """A word of the text that only one member translates decides for it."""
    sizes = {"type": "string", "enum": ["small", "medium", "large"]}

    filled = fill(f"来一杯{words}拿铁", tool(size=sizes), size=(words, "medium"))

    assert filled.arguments == {"size": size}


def test_words_of_the_function_itself_state_no_member() -> None:
    """«灯» in «把灯调暗» names what the function is for, and none of its rooms."""
    rooms = {"type": "string", "enum": ["bedroom", "study"]}
    light = Tool(
        name="set_light",
        description="调节房间的灯光。",
        parameters={"properties": {"room": rooms}, "required": ["room"]},
    )

    assert fill("把灯调暗", light, room=("灯", "bedroom")).missing == ("room",)
    assert fill("把书房的灯调暗", light, room=("书房的灯", "bedroom")).arguments == {
        "room": "study"
    }


def test_words_that_are_not_there_state_no_member() -> None:
    """A member whose words the text does not hold is not used."""
    filled = fill("book a table", tool(quiet="boolean"), quiet=("by the wall", True))

    assert (filled.arguments, filled.missing) == ({}, ("quiet",))


def test_one_wording_states_one_member() -> None:
    """The same words never fill two choices; the surer one keeps them."""
    units = {"type": "string", "enum": ["C", "F"]}

    filled = fill(
        "21 degrees Celsius", tool(old=units, new=units), old=("Celsius", "C"), new=("Celsius", "C")
    )

    assert (filled.arguments, filled.missing) == ({"old": "C"}, ("new",))


def test_tags_do_not_point_into_the_title() -> None:
    """Words of a list point at where they stand alone."""
    text = "给《露营清单》打上露营、户外两个标签"

    wanted = tool(title="string", tags={"type": "array", "items": {"type": "string"}})
    filled = fill(text, wanted, title="露营清单", tags=["露营", "户外"])

    assert filled.arguments == {"title": "露营清单", "tags": ["露营", "户外"]}
    assert filled.spans["/tags/0"] == [(9, 11)]


@pytest.mark.parametrize(
    ("remark", "arguments", "spans"),
    [
        ("加急 = express", {"express": True}, {"/express": [(0, 2)]}),
        ("加急 = 方式", {}, {}),
        ("一件 = 件数", {}, {}),
    ],
)
def test_words_said_to_be_a_parameter_are_its_evidence(
    remark: str, arguments: dict[str, Any], spans: dict[str, list[tuple[int, int]]]
) -> None:
    """A yes that the text says in other words counts where the model said which words these are."""
    engine = Scripted().enqueue(f" {remark}\nsend(express=True)")

    found = choose(
        engine, "加急寄一件", [tool("send", express="boolean")], values=[], now=NOW,
        spending=Spending(), must=True,
    )  # fmt: skip

    assert found.filled is not None
    assert (found.filled.arguments, found.filled.spans) == (arguments, spans)


def test_default_that_nobody_stated_is_not_taken() -> None:
    """What the schema would have anyway needs no place in the text, and fills nothing."""
    wanted = Tool(
        name="look",
        parameters={"properties": {"colour": {"enum": ["any", "red"], "default": "any"}}},
    )
    engine = Scripted().enqueue(' Lyon = place\nlook(colour="any")')

    found = choose(
        engine, "look for it in Lyon", [wanted], values=[], now=NOW, spending=Spending(), must=True
    )

    assert found.filled is not None
    assert (found.filled.arguments, found.filled.missing) == ({}, ())


def test_amount_is_no_part_of_the_item() -> None:
    """The amount that begins an item goes to the quantity; both keep their places."""
    text = "put two dozen AA batteries in my cart"

    filled = fill(
        text, tool(item="string", quantity="integer"), item="two dozen AA batteries", quantity=24
    )

    assert filled.arguments == {"item": "AA batteries", "quantity": 24}
    assert [text[a:b] for a, b in filled.spans["/item"]] == ["AA batteries"]


def test_value_that_was_only_told_of() -> None:
    """What was said to be a parameter's fills it where the call forgot it."""
    text = "1,340 kWh by day and 420 overnight"
    wanted = tool(
        required=["day_kwh"],
        day_kwh={"type": "number", "description": "energy used in daytime, in kWh"},
        night_kwh={"type": "number", "description": "energy used at night, in kWh"},
    )
    values = read(text, now=NOW)
    offers = {n: options(text, n, s, values=values, now=NOW) for n, s in properties(wanted).items()}

    filled = settle(
        text, wanted, {"day_kwh": 1340, "night_kwh": 1340}, offers, values=values, now=NOW, given={},
        remarks={(0, 9): "day energy", (21, 24): "night energy"},
    )  # fmt: skip

    assert filled.arguments == {"day_kwh": 1340, "night_kwh": 420}


def test_people_are_no_nights() -> None:
    """A count of people fills nothing that counts something else."""
    filled = fill("我们两个人住", tool(nights="integer"), nights=2)

    assert (filled.arguments, filled.missing) == ({}, ("nights",))


def test_names_may_be_left_out() -> None:
    """Positional arguments of an engine that keeps to no grammar go to the parameters in order."""
    found = chosen("3 和 4", "f(3, 4)", tool(a="integer", b="integer"))

    assert found.filled is not None
    assert found.filled.arguments == {"a": 3, "b": 4}


PLACE = {"type": "string", "description": "where, as City, State"}
SYSTEM = {"type": "string", "description": "system of measures"}


def test_words_in_a_form_point_to_the_words() -> None:
    """The value has the form that is wanted, the place is that of the words."""
    text = "Museums in Denver please"

    filled = fill(text, tool(place=PLACE), place=("Denver", "Denver, CO"))

    assert filled.arguments == {"place": "Denver, CO"}
    assert filled.spans == {"/place": [(11, 17)]}


def test_state_that_the_text_has_counts_more() -> None:
    """Nothing is made up where the text says it."""
    filled = fill("Portland ME museums", tool(place=PLACE), place=("Portland", "Portland, OR"))

    assert filled.arguments == {"place": "Portland, ME"}
    assert filled.spans == {"/place": [(0, 11)]}


def test_sentence_names_no_place() -> None:
    """Words that are no name, and were put into no form of theirs, fill nothing."""
    text = "Find a museum that is open on Mondays"

    filled = fill(text, tool(place=PLACE), place=(text, "Denver, CO"))

    assert (filled.arguments, filled.missing) == ({}, ("place",))


def test_what_may_be_left_out_is_not_taken_from_other_values() -> None:
    """The kg of 70 kg is no system of measures; a required parameter may still have it."""
    text = "BMI for 70 kg"
    wanted = tool(weight="number", system=SYSTEM, required=["weight"])

    assert fill(text, wanted, weight=70, system="kg").arguments == {"weight": 70}
    wanted = tool(weight="number", unit=SYSTEM, required=["weight"])
    assert fill(text, wanted, weight=70, unit="kg").arguments == {"weight": 70, "unit": "kg"}


def test_choices_in_a_list_are_members() -> None:
    """Each member stands where the words that state it do."""
    text = "the forecast with humidity and rain"
    details = {"type": "array", "items": {"enum": ["humidity", "precipitation"]}}

    filled = fill(
        text, tool(details=details), details=[("humidity", "humidity"), ("rain", "precipitation")]
    )

    assert filled.arguments == {"details": ["humidity", "precipitation"]}
    assert filled.spans == {"/details/0": [(18, 26)], "/details/1": [(31, 35)]}


def test_member_that_the_text_names_beats_words_that_name_none() -> None:
    """«the» means no wood where the text says Oak."""
    wood = {"enum": ["Oak", "Pine"]}

    filled = fill("an Oak table by the door", tool(wood=wood), wood=("the", "Pine"))

    assert filled.arguments == {"wood": "Oak"}
    assert filled.spans == {"/wood": [(3, 6)]}


def test_other_values_are_cut_off_the_end() -> None:
    """What two other parameters took at the end of longer words is theirs; a quotation is whole."""
    wanted = tool(words="string", source="string", target="string")
    said = {"source": "Thai", "target": "Dutch"}

    cut = fill(
        "put the menu from Thai into Dutch", wanted, words="the menu from Thai into Dutch", **said
    )
    quoted = fill(
        'mail Thai, Dutch: "to Thai into Dutch"', wanted, words="to Thai into Dutch", **said
    )

    assert cut.arguments == {"words": "the menu", "source": "Thai", "target": "Dutch"}
    assert quoted.arguments["words"] == "to Thai into Dutch"


@pytest.mark.parametrize("value", [("a", "b", "c"), (1, "b"), ()])
def test_odd_tuple_fills_nothing(value: tuple[Any, ...]) -> None:
    """A server may write what no grammar would; it states nothing."""
    filled = fill("b", tool(c={"enum": ["b", "c"]}), c=value)

    assert (filled.arguments, filled.missing) == ({}, ("c",))


def test_number_for_a_list_is_no_crash() -> None:
    """A single number where a list is offered is not taken for one of its ways."""
    found = chosen(
        "sum 4, 2 and 9", "f(xs=4)", tool(xs={"type": "array", "items": {"type": "number"}})
    )

    assert found.filled is not None
    assert (found.filled.arguments, found.filled.missing) == ({}, ("xs",))


def test_no_is_not_in_now() -> None:
    """Words point to themselves, not into longer ones."""
    text = "Book it now, no breakfast"

    filled = fill(text, tool(breakfast="boolean"), breakfast=("no", False))

    assert [text[a:b] for a, b in filled.spans["/breakfast"]] == ["no"]
    assert filled.spans["/breakfast"] == [(13, 15)]


def test_day_is_no_city() -> None:
    """An ordinal or a day fills only what speaks of days."""
    wanted = tool(city={"type": "string", "description": "which city"})

    assert fill("the weather on the 3rd", wanted, city="3rd").missing == ("city",)


def test_required_words_come_before_a_yes_that_does_not_speak_of_them() -> None:
    """Two parameters on the same words: the one that states them has them."""
    text = "Look for 'red kites'"
    wanted = tool(query="string", no_images="boolean", required=["query"])

    filled = fill(text, wanted, query="red kites", no_images=("red kites", True))

    assert filled.arguments == {"query": "red kites"}


def test_article_names_no_number() -> None:
    """«A room» is not the first of five floors."""
    assert members_named("Find a room for Ann", 1) == ()
    assert members_named("on floor 1", 1) == ((9, 10),)


def members_named(text: str, member: int) -> tuple[tuple[int, int], ...]:
    return named(text, {"enum": [1, 2, 3]}, member, [], None)


def test_part_of_a_day_or_a_place_fills_nothing_else() -> None:
    """The year of a day is no city, the town of an address no restaurant; a name in a text may be both."""
    day = {"type": "string", "description": "day, YYYY-MM-DD"}
    wanted = tool(day=day, city={"type": "string", "description": "which city"})
    dated = fill("the forecast for 3 May 2027", wanted, day="2027-05-03", city="2027")
    placed = fill(
        "a table in Ann Arbor, MI for two", tool(restaurant="string", place=PLACE),
        restaurant="Ann Arbor", place=("Ann Arbor, MI", "Ann Arbor, MI"),
    )  # fmt: skip
    both = fill(
        "tell Ann that Ann is late",
        tool(to="string", words="string"),
        to="Ann",
        words="Ann is late",
    )

    assert (dated.arguments, dated.missing) == ({"day": "2027-05-03"}, ("city",))
    assert (placed.arguments, placed.missing) == (
        {"place": "Ann Arbor, MI"},
        ("restaurant",),
    )
    assert both.arguments == {"to": "Ann", "words": "Ann is late"}


def test_request_is_no_value_of_its_own() -> None:
    """What asks for a translation is not what is to be translated; a search takes whole questions."""
    text = "Please put this sentence into Dutch"

    assert fill(text, tool(sentence="string"), sentence=text).missing == ("sentence",)
    assert fill(text, tool(query="string"), query=text).arguments == {"query": text}


def test_a_written_number_is_compared_with_numbers_alone() -> None:
    """What else a value may be written as is no number, and no error."""
    assert _is_one_of(3, ["False", "3.0"])
    assert not _is_one_of(0, ["False", '"0"', "[0]", "null", "nan"])
