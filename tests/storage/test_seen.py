"""One transaction asks the same question once, and anew where it may have another answer."""

from dataclasses import replace

from sqlalchemy import event

from bot.plan.people import Person
from storage.store import SqlStore


def test_a_question_is_asked_once_until_a_record_of_its_kind_is_written(store: SqlStore) -> None:
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def questions() -> int:
        return len([words for words in asked if "FROM people" in words])

    with store.transaction() as work:
        work.add(Person(id="p", workspace_id="T1", slack_id="U1", name="Rosa"))
        found = [work.get(Person, "p") for _ in range(3)]
        assert questions() == 1
        assert found[0] is not None
        listed = work.all(Person, workspace_id="T1")
        listed.clear()
        assert len(work.all(Person, workspace_id="T1")) == 1
        assert work.all(Person, workspace_id="T1", slack_id=["U1", "U2"]) == work.all(Person, id={"p"})
        work.save(replace(found[0], name="Rosalind"))
        now = work.get(Person, "p")
        assert now is not None
        assert (now.name, now.version) == ("Rosalind", 2)
        work.remove(now)
        assert work.get(Person, "p") is None
