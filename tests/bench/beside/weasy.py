"""The other side of the bench of documents: the same content as HTML, set by WeasyPrint as tagged PDF/UA-1."""

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from weasyprint import HTML

STYLE = """
@page { size: A4; margin: 24mm 20mm 20mm; @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
@page wide { size: A4 landscape }
@font-face { font-family: Noto; src: url(NotoSans-Regular.ttf) }
@font-face { font-family: Noto; src: url(NotoSans-Bold.ttf); font-weight: bold }
body { font: 9.5pt Noto } h1 { break-before: page; color: #1d3f4a } h2 { color: #1d3f4a; break-after: avoid }
table { border-collapse: collapse; width: 100%; font-size: 8.5pt } td, th { border-bottom: .5pt solid #c9d2d8;
padding: 4pt; text-align: left; vertical-align: top } th { background: #eef3f5 }
.said { border-left: 2.5pt solid #c9d2d8; padding: 3pt 8pt }
.unresolved { background: #fdf3ea; border-color: #9a3d00 } img { width: 78% } .wide { page: wide; font-size: 8pt }
"""
Json = dict[str, Any]


def main(folder: Path) -> None:
    """Write weasy.pdf beside document.json."""
    data = json.loads((folder / "document.json").read_text(encoding="utf-8"))
    fonts = Path(__file__).parents[3] / "bot" / "reports" / "pack" / "fonts"
    style = STYLE.replace("url(Noto", f"url({fonts.as_uri()}/Noto")
    head = f"<head><title>Evidence pack</title><style>{style}</style></head>"
    html = f'<html lang="en-GB">{head}<body>{_body(data)}</body></html>'
    HTML(string=html, base_url=str(folder)).write_pdf(folder / "weasy.pdf", pdf_variant="pdf/ua-1")


def _body(data: Json) -> str:
    parts = [f"<h1>{escape(data['service'])}</h1>", _said(data["summary"]), "<h1>The questions an inspector asks</h1>"]
    parts += [f"<h2>{escape(q['title'])}</h2>{_said(q['sentences'])}" for q in data["questions"]]
    parts.append("<h1>What has not improved</h1>")
    for p in data["not_improved"]:
        parts.append(f"<h2>{escape(p['title'])}</h2><p>{escape(p['what'])}</p><ul>")
        parts += [f"<li>{escape(d)}</li>" for d in p["doing"]]
        parts.append("</ul>")
    parts.append("<h1>The golden thread of each priority</h1>")
    parts += [_thread(t) for t in data["threads"]]
    parts.append("<h1>Decisions and challenge</h1>")
    parts += [f"<h2>{escape(d['title'])}</h2>{_said(d['sentences'])}" for d in data["decisions"]]
    parts.append('<div class="wide"><h1>Registers</h1>')
    for r in data["registers"]:
        rows = [[*row["short"], " · ".join(f"{a} {b}" for a, b in row["rest"])] for row in r["rows"]]
        parts.append(f"<h2>{escape(r['title'])}</h2>{_table([*r['columns'], 'Details'], rows)}")
    return "".join(parts) + "</div>"


def _thread(t: Json) -> str:
    parts = [f"<h2>{escape(t['ref'])} {escape(t['title'])}</h2>", _table(["Fact", "What"], t["facts"])]
    parts += [f"<p>{escape(t[name])}</p>" for name in ("problem", "rationale", "evidence_base")]
    parts.append(_table(["Signal", "Date", "Source", "Reference", "What it says"], t["signals"]))
    for m in t["measures"]:
        parts.append(f"<h3>{escape(m['name'])}</h3><p>{escape(m['told'])}</p>")
        if m["chart"]:
            caption = escape(m["chart"]["caption"])
            picture = f'<img src="{m["chart"]["file"]}" alt="{escape(m["chart"]["alt"], quote=True)}">'
            parts.append(f"<figure>{picture}<figcaption>{caption}</figcaption></figure>")
        parts.append(_table(["Sample", "Date", "Kind", "Result", "Sampled by", "What"], m["samples"]))
    parts.append(_table(["Action", "What", "Owner", "Due", "State", "Check"], t["actions"]))
    parts.append(_table(["Date", "What", "On record", "Records"], [list(s.values()) for s in t["steps"]]))
    return "".join(parts)


def _said(sentences: list[Json]) -> str:
    return "".join(
        f'<p class="said{" unresolved" if s["unresolved"] else ""}">{escape(s["text"])} [{escape(s["refs"])}]</p>'
        for s in sentences
    )


def _table(heads: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
