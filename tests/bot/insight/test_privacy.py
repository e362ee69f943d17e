"""The personal data guard: what it must see, what it must leave alone, and that it gives nothing away itself."""

import pytest

from bot.insight.privacy import Hit, Kind, look, look_at_file_name, masked


def _kinds(text: str) -> list[Kind]:
    return [hit.kind for hit in look(text)]


@pytest.mark.parametrize("number", ["943 476 5870", "943-476-5919", "4505577104", "999 000 0018", "9876543210"])
def test_a_valid_nhs_number_is_seen(number: str) -> None:
    assert Kind.NHS_NUMBER in _kinds(f"Seen by the GP, {number}, on Tuesday")


@pytest.mark.parametrize(
    "number", ["9434765871", "987 654 4321", "0000000000", "1111111111", "94347658700", "943476587"]
)
def test_what_fails_the_check_digit_or_repeats_one_digit_is_no_nhs_number(number: str) -> None:
    assert Kind.NHS_NUMBER not in _kinds(f"Reference {number} closed")


def test_message_times_and_amounts_are_no_nhs_numbers() -> None:
    assert _kinds("ts 4505577104.123456") == []
    assert Kind.NHS_NUMBER not in _kinds("0.4505577104")


@pytest.mark.parametrize(
    "text",
    [
        "DOB 12/03/1941",
        "d.o.b.: 12-03-41",
        "born on 12 March 1941",
        "Date of birth 1941-03-12",
        "seen 12.03.1941",
        "12031941",
    ],
)
def test_a_date_of_birth_is_seen(text: str) -> None:
    assert _kinds(text) == [Kind.BIRTH]


@pytest.mark.parametrize(
    "text", ["Audit 12/03/2026", "due 2026-03-12", "from 7 December", "08:00 to 20:00", "18/20 complete"]
)
def test_dates_of_the_work_are_left_alone(text: str) -> None:
    assert look(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NI AB 12 34 56 C", Kind.INSURANCE),
        ("ab123456c", Kind.INSURANCE),
        ("lives at NG18 4AF", Kind.POSTCODE),
        ("ng18 4af", Kind.POSTCODE),
        ("SW1A 1AA", Kind.POSTCODE),
        ("ring 0115 496 0123 first", Kind.PHONE),
        ("mobile 07911 123456", Kind.PHONE),
        ("+44 7911 123456", Kind.PHONE),
        ("write to doris.b@example.org", Kind.EMAIL),
        ("Mrs Okafor was upset", Kind.TITLED_NAME),
        ("Mr. O'Brien fell", Kind.TITLED_NAME),
        ("MRS SMITH", Kind.TITLED_NAME),
        ("Room 12, Doris", Kind.ROOM_NAME),
        ("Doris in room 12", Kind.ROOM_NAME),
        ("Rm 4 (Albert)", Kind.ROOM_NAME),
        ("sat in room 7 with Ivy", Kind.ROOM_NAME),
    ],
)
def test_other_identifying_things_are_seen(text: str, kind: Kind) -> None:
    assert _kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "GB 12 34 56 C",
        "See A12 3rd of the list",
        "M4 8hr shift, E12 2nd floor",
        "A12 and P3 verified; E7 logged on the late shift",
        "Room 12 door repaired",
        "Room 12: Door repaired",
        "room 7 On Monday",
        "Missed 3 of 20 signatures",
        "Ticket 0000000000",
        "room 7 with Staff",
        "Mr and Mrs",
        "20 sheets picked at random on 21 Dec and 18 Jan, standard 18/20 complete",
        "D.B. was hoisted by two staff at 14:00",
    ],
)
def test_ordinary_words_of_a_plan_are_left_alone(text: str) -> None:
    assert look(text) == ()


def test_a_stretch_is_reported_once_and_in_reading_order() -> None:
    found = look("Mrs Okafor, DOB 12/03/1941, 943 476 5870, tel 0115 496 0123, room 3")
    assert [h.kind for h in found] == [Kind.TITLED_NAME, Kind.BIRTH, Kind.NHS_NUMBER, Kind.PHONE]


def test_the_excerpt_gives_nothing_away() -> None:
    assert look("Call 943 476 5870")[0] == Hit(Kind.NHS_NUMBER, "9•• 4•• 5•••")
    assert masked("Mrs Okafor") == "M•• O•••••"
    assert masked("doris.b@example.org") == "d••••.b@e••••••.o••"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Mrs_Okafor_care-plan.pdf", Kind.TITLED_NAME),
        ("scan_9434765870.pdf", Kind.NHS_NUMBER),
        ("943-476-5870.jpg", Kind.NHS_NUMBER),
        ("Room12-Doris.jpg", Kind.ROOM_NAME),
        ("notes_1941-03-12.docx", Kind.BIRTH),
        ("careplan_AB123456C.pdf", Kind.INSURANCE),
        ("C:\\Users\\me\\MrSmith.png", Kind.TITLED_NAME),
    ],
)
def test_file_names(name: str, kind: Kind) -> None:
    assert [h.kind for h in look_at_file_name(name)] == [kind]


@pytest.mark.parametrize(
    "name", ["handover-audit-2026-05-14.xlsx", "IMG_20260514_081500.jpg", "Oak_fluid_charts_May.pdf"]
)
def test_ordinary_file_names(name: str) -> None:
    assert look_at_file_name(name) == ()
