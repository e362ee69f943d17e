"""The CQC frameworks as data: complete, without doubles, and mapped from one to the next."""

import pytest

from bot.frameworks.catalogue import DEFAULT, FRAMEWORKS, framework, predecessors, successors, topic
from bot.frameworks.regulations import REGULATIONS
from bot.frameworks.saf_to_asc import SAF_TO_ASC, WITHOUT_SUCCESSOR
from bot.frameworks.shape import Question


def test_the_single_assessment_framework_has_34_quality_statements_and_6_evidence_categories() -> None:
    saf = framework("saf-2023")
    assert [len(saf.under(q)) for q in Question] == [8, 6, 5, 7, 8]
    assert len(saf.topics) == 34
    assert len(saf.evidence_categories) == 6
    assert (saf.topics[0].code, saf.topics[-1].code) == ("S1", "W8")
    assert saf.key == DEFAULT


def test_the_draft_has_24_key_lines_of_enquiry() -> None:
    draft = framework("asc-2026-draft")
    assert [len(draft.under(q)) for q in Question] == [7, 4, 3, 4, 6]
    assert len(draft.topics) == 24
    assert "draft" in draft.standing


def test_no_code_and_within_a_framework_no_name_stands_twice() -> None:
    codes = [t.code for f in FRAMEWORKS for t in f.topics]
    assert len(set(codes)) == len(codes)
    for found in FRAMEWORKS:
        assert len({t.name for t in found.topics}) == len(found.topics)


def test_every_statement_is_mapped_or_said_to_have_no_successor() -> None:
    saf = framework("saf-2023")
    mapped = {link.old for link in SAF_TO_ASC}
    assert mapped | set(WITHOUT_SUCCESSOR) == {t.code for t in saf.topics}
    assert mapped.isdisjoint(WITHOUT_SUCCESSOR)
    assert all(predecessors(t.code) for t in framework("asc-2026-draft").topics), "no new line comes from nowhere"


def test_links_said_to_keep_their_name_keep_it_and_no_other_does() -> None:
    for link in SAF_TO_ASC:
        old, new = topic(link.old), topic(link.new)
        assert old is not None
        assert new is not None
        assert (old.name == new.name) is link.same_name, link


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("W7", ["Improvement, innovation and learning"]),
        ("S5", ["Safe environments and infection prevention and control"]),
        ("E3", ["Care provision, integration and continuity", "Safe systems, pathways and transitions"]),
        ("W8", []),
    ],
)
def test_where_a_statement_goes(code: str, names: list[str]) -> None:
    assert [t.name for t in successors(code)] == names


def test_what_is_unknown_is_said() -> None:
    with pytest.raises(KeyError, match="There is no framework 'kloe-2015'"):
        framework("kloe-2015")
    assert topic("Z1") is None
    assert successors("S1", "asc-2026-draft", "saf-2023") == ()


def test_the_regulations_a_priority_can_be_tagged_with() -> None:
    assert [r.number for r in REGULATIONS] == list(range(9, 21))
    assert REGULATIONS[8].name == "Good governance"
