"""Small parts of SVG text: escaped elements, rounded numbers, paths and broken lines of words."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

# Mean width of a character of a common sans font, as a share of its size; a little generous, so that words fit.
CHARACTER = 0.55


def element(tag: str, *children: str, **attributes: str | float) -> str:
    """One element. Attribute names are given with underscores for dashes and colons left out: `stroke_width`, `class_`.

    Children are taken as SVG already; use `words` for text.
    """
    listed = "".join(f" {name.rstrip('_').replace('_', '-')}={quoteattr(_value(v))}" for name, v in attributes.items())
    return f"<{tag}{listed}>{''.join(children)}</{tag}>" if children else f"<{tag}{listed}/>"


def words(tag: str, content: str, **attributes: str | float) -> str:
    """An element that holds text, escaped."""
    return element(tag, escape(content), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: str | float) -> str:
    """A straight line, in the picture's units."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """The `d` of a path through points."""
    return "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points)


def number(value: float) -> str:
    """A coordinate to a tenth of a unit, without needless zeros."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def width(text: str, size: float) -> float:
    """About how wide a line of text is, in the same unit as its size."""
    return len(text) * size * CHARACTER


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Text broken at spaces into lines that fit the room; a single longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)
