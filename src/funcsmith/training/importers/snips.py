"""SNIPS: seven intents as functions of ours, their slots as the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...contract import Tool
from ...readers import read
from . import Found, Left, Where
from .rows import call_record, flat_tool, rows_of

LICENCE = "CC0-1.0"
_SLOTS: dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]] = {
    "AddToPlaylist": (
        "add_to_playlist",
        "Add music to a playlist.",
        {
            "playlist": "name of the playlist",
            "artist": "who made the music",
            "entity_name": "title of the song or album",
            "music_item": "what is added: song, album, track",
            "playlist_owner": "whose playlist it is",
        },
        ("playlist",),
    ),
    "BookRestaurant": (
        "book_restaurant",
        "Book a table in a restaurant.",
        {
            "party_size_number": "how many people",
            "restaurant_type": "bar, bakery, restaurant",
            "restaurant_name": "name of the restaurant",
            "city": "city",
            "state": "state",
            "country": "country",
            "timeRange": "when",
            "cuisine": "cuisine",
            "served_dish": "a dish that is served",
            "sort": "how good or known it is",
            "party_size_description": "who is coming",
            "facility": "what it has: parking, pool",
            "poi": "a place nearby",
            "spatial_relation": "how near",
        },
        (),
    ),
    "GetWeather": (
        "get_weather_forecast",
        "The weather at a place.",
        {
            "city": "city",
            "state": "state",
            "country": "country",
            "geographic_poi": "park, mountain or other place",
            "timeRange": "when",
            "condition_description": "rain, snow, fog",
            "condition_temperature": "cold, warm",
            "current_location": "words for where the user is",
            "spatial_relation": "how near",
        },
        (),
    ),
    "PlayMusic": (
        "play_music_from",
        "Play music.",
        {
            "artist": "who made it",
            "track": "title of the song",
            "album": "title of the album",
            "genre": "kind of music",
            "playlist": "name of the playlist",
            "service": "where it is played from",
            "year": "year or decade",
            "music_item": "song, album, track",
            "sort": "best, newest, popular",
        },
        (),
    ),
    "RateBook": (
        "rate_book",
        "Rate a book.",
        {
            "rating_value": "how many points are given",
            "best_rating": "of how many",
            "rating_unit": "stars or points",
            "object_name": "title of the book",
            "object_select": "which one: this, current, last",
            "object_type": "novel, essay, series",
            "object_part_of_series_type": "series, saga, chronicle",
        },
        ("rating_value",),
    ),
    "SearchCreativeWork": (
        "find_creative_work",
        "Find a film, book, song or game by its title.",
        {"object_name": "title", "object_type": "film, book, song, game"},
        ("object_name",),
    ),
    "SearchScreeningEvent": (
        "find_screenings",
        "When and where films are shown.",
        {
            "movie_name": "title of the film",
            "movie_type": "kind of film",
            "location_name": "name of the cinema",
            "object_location_type": "cinema, movie house",
            "object_type": "what is wanted: times, schedule",
            "timeRange": "when",
            "spatial_relation": "how near",
        },
        (),
    ),
}
_WHOLE = ("party_size_number", "rating_value", "best_rating")


def found(where: Where) -> Iterator[Found]:
    """Every text with its slots as arguments."""
    tools = {intent: _tool(intent) for intent in _SLOTS}
    for place, row in rows_of(where.data, "train/snips.jsonl.gz"):
        origin = f"snips:{place}"
        tool = tools.get(row["intent"])
        if tool is None:
            yield Left(origin, "its function is not defined")
            continue
        if any(len(values) != 1 for values in row["slots"].values()):
            yield Left(origin, "a slot with several values")
            continue
        arguments = {name: _value(name, values[0]) for name, values in row["slots"].items()}
        yield call_record(row["text"], [tool], tool.name, arguments, origin=origin, licence=LICENCE)


def _tool(intent: str) -> Tool:
    name, description, slots, required = _SLOTS[intent]
    parameters: Mapping[str, Any] = {
        slot: {"type": "integer" if slot in _WHOLE else "string", "description": said}
        for slot, said in slots.items()
    }
    return flat_tool(name, description, parameters, required)


def _value(name: str, said: str) -> Any:
    if name not in _WHOLE:
        return said
    numbers = [one.value for one in read(said) if one.kind == "integer" and one.text == said]
    return numbers[0] if numbers else said
