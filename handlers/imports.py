"""Importing an existing plan: the form that takes the file, and the button that says yes to what was shown."""

from bot.errors import BadInput
from bot.plan.access import open_service, service_in
from bot.plan.people import Right
from bot.plan.priorities import Priority, is_live
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.forms import files_of
from handlers.views import imports as views
from handlers.views import parts


def open_form(call: Call) -> None:
    """`/sip import`: the file, and the priority that its actions belong to where the file names none."""
    with call.desk.store.reading() as work:
        service = service_in(work, call.person, call.channel, Right.IMPORT)
        live = [p for p in work.all(Priority, order="number", service_id=service.id) if is_live(p)]
    call.open(views.form(service, live))


def submit(call: Call) -> Show:
    """A file was given; it is fetched and looked at by the outbox."""
    with call.desk.store.reading() as work:
        open_service(work, call.person, str(call.meta["s"]), Right.IMPORT)
    files = files_of(call.values.get("files"))
    if not files:
        raise BadInput("Attach the spreadsheet that holds the plan.", field="files")
    file = files[0]
    with call.transaction() as work:
        service = open_service(work, call.person, str(call.meta["s"]), Right.IMPORT)
        payload = {"name": file["name"], "url": file["url"], "under": call.values.get("under") or ""}
        jobs.spreadsheet(work, call, service.id, payload)
    words = f"Looking at {file['name']}. What it holds will come to you as a direct message; nothing is imported yet."
    return Show(parts.said("Import", words, [parts.section(parts.escape(words))]))


def go(call: Call) -> Answer:
    """Bring in the file that was shown."""
    value = call.value
    with call.transaction() as work:
        service = open_service(work, call.person, str(value["s"]), Right.IMPORT)
        payload = {"name": value["n"], "sha256": value["f"], "under": value.get("u") or "", "go": True}
        jobs.spreadsheet(work, call, service.id, payload)
    words = f"Importing {value['n']}. You will be told when it is in."
    return Answer(parts.escape(words), [parts.section(parts.escape(words))])


FEATURE = Feature(
    name="imports",
    verbs=(Verb("import", "Bring in a plan that you have as a spreadsheet", open_form, also=("import plan",)),),
    buttons=(Button("import.go", go),),
    forms=(Form("import.form", submit),),
)
