"""What an object of the contract is: a plain dataclass with Pydantic's names for reading and writing.

Pydantic itself, whose import takes longer than a saved function needs, is loaded where something
from outside has to be checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, TypeAdapter
    from pydantic_core import CoreSchema
    from typing_extensions import Self


class Data:
    """An object of the contract: fields, and Pydantic's names for reading, copying and writing it.

    Calling the class checks nothing; `model_validate` does.
    """

    __pydantic_config__: ClassVar[Any] = {"extra": "ignore"}

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core.core_schema import no_info_before_validator_function

        return no_info_before_validator_function(cls._prepared, handler(source))

    @classmethod
    def _prepared(cls, value: Any) -> Any:
        """What came, as the fields want it; anything may come."""
        return value

    @classmethod
    def model_names(cls) -> list[str]:
        """The names of the fields."""
        return [one.name for one in fields(cls)]  # type: ignore[arg-type]  # each is a dataclass

    @classmethod
    def model_validate(cls, value: Any) -> Self:
        """The object that these fields make. Raises pydantic.ValidationError."""
        made: Self = _reader(cls).validate_python(value)
        return made

    @classmethod
    def model_validate_json(cls, text: str) -> Self:
        """The object that this JSON is. Raises pydantic.ValidationError."""
        made: Self = _reader(cls).validate_json(text)
        return made

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The same with other values; what lies in the fields is shared, not copied."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.__dict__.update(update)
        return made

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """The fields as plain values, those of inner objects too."""
        return {
            name: _plain(value, exclude_none=exclude_none)
            for name, value in self.__dict__.items()
            if not (exclude_none and value is None)
        }


def _plain(value: Any, *, exclude_none: bool) -> Any:
    if isinstance(value, Data):
        return value.model_dump(exclude_none=exclude_none)
    if isinstance(value, dict):
        return {key: _plain(one, exclude_none=exclude_none) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(one, exclude_none=exclude_none) for one in value)
    if isinstance(value, list):
        return [_plain(one, exclude_none=exclude_none) for one in value]
    return value


_readers: dict[type[Data], TypeAdapter[Any]] = {}


def _reader(kind: type[Data]) -> TypeAdapter[Any]:
    if kind not in _readers:
        from pydantic import TypeAdapter

        _readers[kind] = TypeAdapter(kind)
    return _readers[kind]


@dataclass(frozen=True)
class Bound:
    """A number's lower bound, told to Pydantic once it is there."""

    key: Literal["ge", "gt"]
    bound: float

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema: Any = {**handler(source), self.key: self.bound}
        made: CoreSchema = schema
        return made
