"""Charts and tables in blocks: data_visualization, data_table and table, with the limits of their launch."""

from typing import Any

from playground.blockkit.check import Check, Json, kind_of, rich_text

SERIES, POINTS, NAME = 6, 20, 20


def data_visualization(check: Check, value: Json, at: str) -> None:
    """Title 50; names, labels and categories 20; 20 categories; 6 series or segments; two charts a message."""
    if check.surface != "message":
        check.fail(at, "unsupported type: data_visualization")
        return
    if check.count("charts") > 2:
        check.fail(at, "no more than 2 data_visualization blocks allowed")
    if not check.keys(value, at, "title chart", "block_id"):
        return
    check.string(value["title"], f"{at}/title", 50)
    chart, here = value["chart"], f"{at}/chart"
    kind = kind_of(chart)
    if kind == "pie":
        _pie(check, chart, here)
    elif kind in ("bar", "line", "area"):
        _axes(check, chart, here)
    else:
        check.fail(f"{here}/type", f"unsupported type: {kind}")


def _pie(check: Check, chart: Json, at: str) -> None:
    if not check.keys(chart, at, "segments"):
        return
    for i, each in enumerate(check.items(chart["segments"], f"{at}/segments", SERIES)):
        _point(check, each, f"{at}/segments/{i}", above=True)


def _point(check: Check, value: Any, at: str, above: bool) -> None:
    if not check.keys(value, at, "label value"):
        return
    check.string(value["label"], f"{at}/label", NAME)
    number = value["value"]
    if isinstance(number, bool) or not isinstance(number, int | float):
        check.fail(f"{at}/value", "must be a number")
    elif above and number <= 0:
        check.fail(f"{at}/value", "must be greater than 0")


def _axes(check: Check, chart: Json, at: str) -> None:
    if not check.keys(chart, at, "series axis_config"):
        return
    axes, here = chart["axis_config"], f"{at}/axis_config"
    if not check.keys(axes, here, "categories", "x_label y_label"):
        return
    for name in ("x_label", "y_label"):
        if name in axes:
            check.string(axes[name], f"{here}/{name}", 50)
    categories = check.items(axes["categories"], f"{here}/categories", POINTS)
    for i, each in enumerate(categories):
        check.string(each, f"{here}/categories/{i}", NAME)
    if len(set(map(str, categories))) != len(categories):
        check.fail(f"{here}/categories", "categories must be unique")
    names: set[str] = set()
    for i, series in enumerate(check.items(chart["series"], f"{at}/series", SERIES)):
        _series(check, series, f"{at}/series/{i}", categories, names)


def _series(check: Check, series: Any, at: str, categories: list[Any], names: set[str]) -> None:
    if not check.keys(series, at, "name data"):
        return
    if check.string(series["name"], f"{at}/name", NAME):
        if series["name"] in names:
            check.fail(f"{at}/name", "series names must be unique")
        names.add(series["name"])
    points = check.items(series["data"], f"{at}/data", POINTS)
    for i, each in enumerate(points):
        _point(check, each, f"{at}/data/{i}", above=False)
    labels = [each.get("label") for each in points if isinstance(each, dict)]
    if sorted(map(str, labels)) != sorted(map(str, categories)):
        check.fail(f"{at}/data", "each series must have exactly one data point for each category")


def data_table(check: Check, value: Json, at: str) -> None:
    """A caption, a header and at most 100 rows of equal length, 20 columns, 10,000 characters in all cells."""
    if check.surface == "modal":
        check.fail(at, "unsupported type: data_table")
        return
    check.count("tables")
    if not check.keys(value, at, "caption rows", "block_id page_size row_header_column_index"):
        return
    check.string(value["caption"], f"{at}/caption", 2000)
    if "page_size" in value:
        check.whole(value["page_size"], f"{at}/page_size", 1, 100)
    rows = check.items(value["rows"], f"{at}/rows", 101, least=2)
    _rows(check, rows, f"{at}/rows", header=True)
    if "row_header_column_index" in value and rows and isinstance(rows[0], list):
        check.whole(value["row_header_column_index"], f"{at}/row_header_column_index", 0, len(rows[0]) - 1)


def table(check: Check, value: Json, at: str) -> None:
    """At most 100 rows, 20 columns, 10,000 characters a message."""
    if check.surface == "modal":
        check.fail(at, "unsupported type: table")
        return
    check.count("tables")
    if not check.keys(value, at, "rows", "block_id column_settings"):
        return
    _rows(check, check.items(value["rows"], f"{at}/rows", 100), f"{at}/rows", header=False)
    for i, each in enumerate(check.items(value.get("column_settings", [None]), f"{at}/column_settings", 20)):
        if (
            each is not None
            and check.keys(each, f"{at}/column_settings/{i}", "", "align is_wrapped")
            and "align" in each
        ):
            check.choice(each["align"], f"{at}/column_settings/{i}/align", ("left", "center", "right"))


def _rows(check: Check, rows: list[Any], at: str, header: bool) -> None:
    width: int | None = None
    for r, row in enumerate(rows):
        cells = check.items(row, f"{at}/{r}", 20)
        if width is not None and len(cells) != width:
            check.fail(f"{at}/{r}", "all rows must have the same number of columns")
        width = len(cells) if width is None else width
        for c, cell in enumerate(cells):
            _cell(check, cell, f"{at}/{r}/{c}", plain=header and r == 0)
    if check.counts.get("cells", 0) > 10_000:
        check.fail(at, "must be less than 10001 characters in all cells")


def _cell(check: Check, cell: Any, at: str, plain: bool) -> None:
    kind = kind_of(cell)
    if kind == "raw_text":
        if check.keys(cell, at, "text") and check.string(cell["text"], f"{at}/text", 10_000):
            check.count("cells", len(cell["text"]))
    elif kind == "raw_number":
        if check.keys(cell, at, "value", "text"):
            if isinstance(cell["value"], bool) or not isinstance(cell["value"], int | float):
                check.fail(f"{at}/value", "must be a number")
            if "text" in cell:
                check.string(cell["text"], f"{at}/text", 1000)
            check.count("cells", len(str(cell.get("text", cell["value"]))))
    elif kind == "rich_text" and not plain:
        rich_text(check, cell, at)
        check.count("cells", len(str(cell)) // 4)
    else:
        check.fail(at, f"unsupported type: {kind}")
