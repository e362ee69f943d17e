"""The same content in older blocks, for where Slack refuses the newer ones."""

from collections.abc import Iterable, Sequence
from typing import Any

from handlers.views.parts import SECTION_LIMIT, Block, escape, paragraphs, section

NEWER = frozenset({"data_visualization", "data_table", "table"})
TABLE_ROWS = 100  # heading included (docs.slack.dev: table block)


def downgrade(blocks: Sequence[Block], *, tables: bool = True) -> list[Block]:
    """Charts become sentences; data tables plain tables or, without `tables`, lines of text. At most 50 blocks."""
    made: list[Block] = []
    for block in blocks:
        kind = block.get("type")
        if kind == "data_visualization":
            made += map(section, paragraphs(_chart_lines(block), SECTION_LIMIT))
        elif kind == "data_table" and tables:
            made += _as_table(block)
        elif kind in ("data_table", "table") and not tables:
            made += map(section, paragraphs(_table_lines(block), SECTION_LIMIT))
        else:
            made.append(block)
    return made[:50]


def has_newer(blocks: Iterable[Block]) -> bool:
    """Whether there is anything to downgrade."""
    return any(block.get("type") in NEWER for block in blocks)


def _as_table(block: Block) -> list[Block]:
    caption = [section(f"*{escape(block['caption'])}*")] if block.get("caption") else []
    return [*caption, {"type": "table", "rows": block["rows"][:TABLE_ROWS]}]


def _chart_lines(block: Block) -> list[str]:
    chart: dict[str, Any] = block.get("chart", {})
    lines = [f"*{escape(str(block.get('title', '')))}*"] if block.get("title") else []
    if chart.get("segments"):
        return [*lines, ", ".join(_point(point) for point in chart["segments"])]
    for series in chart.get("series", []):
        points = ", ".join(_point(point) for point in series.get("data", []))
        lines.append(f"{escape(str(series.get('name', '')))}: {points}")
    return lines


def _point(point: Block) -> str:
    return f"{escape(str(point.get('label', '')))} {point.get('value', '')}"


def _table_lines(block: Block) -> list[str]:
    """Each row as "heading: cell" for its later columns, the first standing in front."""
    caption = [f"*{escape(str(block['caption']))}*"] if block.get("caption") else []
    rows = [[_cell(cell) for cell in row] for row in block.get("rows", [])]
    if len(rows) < 2:
        return [*caption, *(" | ".join(row) for row in rows)]
    heads = rows[0]
    lines = []
    for row in rows[1:]:
        rest = "; ".join(f"{head}: {cell}" for head, cell in zip(heads[1:], row[1:], strict=False))
        lines.append(f"• *{row[0]}* {rest}" if row else "")
    return [*caption, *lines]


def _cell(cell: Block) -> str:
    if cell.get("type") == "rich_text":
        return escape("".join(_leaves(cell)))
    return escape(str(cell.get("text") or cell.get("value", "")))


def _leaves(element: Block) -> Iterable[str]:
    if "text" in element and isinstance(element["text"], str):
        yield element["text"]
    for child in element.get("elements", []):
        yield from _leaves(child)
