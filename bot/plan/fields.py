"""The kinds of typed text that every form accepts, and the sentence for each that it does not."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

TEXT_LIMIT = 3000
TITLE_LIMIT = 150


def sentence(words: str) -> PydanticCustomError:
    """An error whose message is read by a person as it stands."""
    return PydanticCustomError("sentence", "{words}", {"words": words})


# What no keyboard types and no database keeps: NUL and other control characters (line breaks and tabs stay),
# marks that turn the direction of what follows, and halves of surrogate pairs.
_UNKEEPABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ud800-\\udfff]")


def keepable(text: str) -> str:
    """A text without what no database keeps."""
    return _UNKEEPABLE.sub("", text).strip()


def _stripped(value: object) -> object:
    if isinstance(value, str):
        return keepable(value)
    return "" if value is None else value


def _within(limit: int, value: str) -> str:
    if len(value) > limit:
        raise sentence(
            f"This is {len(value):,} characters and {limit:,} fit. Shorten it, or attach the rest as a file."
        )
    return value


def _required(value: str) -> str:
    if not value:
        raise sentence("Write a few words here; an empty line tells nobody anything.")
    return _within(TEXT_LIMIT, value)


def _title(value: str) -> str:
    if not value:
        raise sentence("Give it a short name, for example: Handovers on Willow unit.")
    return _within(TITLE_LIMIT, " ".join(value.split()))


Text = Annotated[str, BeforeValidator(_stripped), AfterValidator(_required)]
OptionalText = Annotated[str, BeforeValidator(_stripped), AfterValidator(lambda value: _within(TEXT_LIMIT, value))]
Title = Annotated[str, BeforeValidator(_stripped), AfterValidator(_title)]


class Form(BaseModel):
    """What came from outside for one verb. `request_id` makes a repeated submission change nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request_id: str | None = None
