"""What in a text or a file name may identify a person who uses the service: warnings to weigh, never a block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

import phonenumbers
from stdnum.gb import nhs


class Kind(StrEnum):
    """What was found, in the words of the warning."""

    NHS_NUMBER = "an NHS number"
    BIRTH = "a date of birth"
    INSURANCE = "a National Insurance number"
    POSTCODE = "a postcode"
    PHONE = "a phone number"
    EMAIL = "an e-mail address"
    TITLED_NAME = "a person's name"
    ROOM_NAME = "a name with a room number"


@dataclass(frozen=True)
class Hit:
    """One finding: its kind and an excerpt in which only the first character of each word can still be read."""

    kind: Kind
    excerpt: str


NHS_SHAPE = re.compile(r"(?<![\d.])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d|\.\d)")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
ANY_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ /.-](?:\d{{1,2}}|{MONTH})[ /.,-]+\d{{2,4}}|\d{{4}}-\d\d-\d\d|\d{{8}})"
BIRTH_SAID = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birth ?date|born(?: on)?)\W{{0,3}}{ANY_DATE}", re.IGNORECASE
)
# A full date of 1900 to 1969 in a care record is hardly ever anything else than a birthday.
OLD_YEAR = r"19[0-6]\d"
BIRTH_OLD = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}(?:st|nd|rd|th)?[ /.-](?:\d{{1,2}}|{MONTH})[ /.,-]+{OLD_YEAR}|{OLD_YEAR}-\d\d-\d\d|"
    rf"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){OLD_YEAR})(?!\d)",
    re.IGNORECASE,
)
# Shape and barred prefixes as HM Revenue and Customs gives them (National Insurance Manual NIM39110).
INSURANCE = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?![A-Z0-9])",
    re.IGNORECASE,
)
POSTCODE_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK "
    "FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP "
    "NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W "
    "WA WC WD WF WN WR WS WV YO ZE"
)
POSTCODE = re.compile(
    rf"(?<![A-Z0-9])(?:{'|'.join(sorted(POSTCODE_AREAS.split(), key=len, reverse=True))})\d[A-Z\d]? ?"
    r"\d([ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])",
    re.IGNORECASE,
)
READ_ALOUD = frozenset({"st", "nd", "rd", "th", "hr"})  # "E4 2nd floor", "M3 8hr shift" are no postcodes
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx)\.? +[A-Z][A-Za-z’'-]+|\b(?:MR|MRS|MISS) +[A-Z]{2,}\b")
# Capitalised words that stand beside a room number without being a name.
NO_NAMES = (
    "The On At In Was Is Has Had No Not Staff Care Call Bell Night Day Early Late Door Floor Bed And To For With After "
    "Before When All New Checked Clean Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March "
    "April May June July August September October November December Unit Wing We It This Photo Temperature Fire Water "
    "Window Audit Daily Notes Plan Falls Sensor Of From By See Visit Check Dining Meeting Clinic Medication Training"
)
ROOM = r"[Rr](?:oom|m)\.? ?(?:no\.? ?)?\d{1,3}"
ROOM_NAME = re.compile(rf"\b{ROOM}[A-Za-z]?[ ,:(–-]{{1,3}}(?:with )?([A-Z][a-z’'-]+)")
NAME_ROOM = re.compile(rf"\b([A-Z][a-z’'-]+)[ ,(–-]{{1,3}}(?:in |from |of )?{ROOM}\b")

PHONE_DIGITS = 10
POSSIBLE = phonenumbers.Leniency.POSSIBLE

SURE = ((Kind.BIRTH, BIRTH_SAID), (Kind.BIRTH, BIRTH_OLD), (Kind.INSURANCE, INSURANCE), (Kind.EMAIL, EMAIL))
UNLESS = (
    (Kind.POSTCODE, POSTCODE, READ_ALOUD),
    (Kind.ROOM_NAME, ROOM_NAME, frozenset(NO_NAMES.split())),
    (Kind.ROOM_NAME, NAME_ROOM, frozenset(NO_NAMES.split())),
)


def look(text: str) -> tuple[Hit, ...]:
    """Every identifying thing found in a text, in reading order; a stretch is reported once, by its surest kind.

    About one in eleven random ten-digit numbers passes the NHS check digit, so a hit is a question, not a proof.
    """
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Hit]] = []
    for kind, start, stop in _spans(text):
        if any(start < end and begin < stop for begin, end in taken):
            continue
        taken.append((start, stop))
        found.append((start, Hit(kind, masked(text[start:stop]))))
    return tuple(hit for _, hit in sorted(found, key=lambda f: f[0]))


def look_at_file_name(name: str) -> tuple[Hit, ...]:
    """The same for a file name, where underscores, dots, dashes and a new capital stand for spaces."""
    stem = PurePath(name.replace("\\", "/")).stem
    parted = re.sub(r"(?<=[a-z])(?=[A-Z\d])|(?<=\d)(?=[A-Z][a-z])", " ", re.sub(r"[_+.]+", " ", stem))
    seen: dict[tuple[Kind, str], Hit] = {}
    for hit in (*look(parted), *look(parted.replace("-", " "))):
        seen.setdefault((hit.kind, re.sub(r"[ -]", "", hit.excerpt)), hit)
    return tuple(seen.values())


def masked(text: str) -> str:
    """The text with all but the first character of each word or number replaced by dots."""
    return re.sub(r"\w+", lambda word: word.group()[0] + "•" * (len(word.group()) - 1), text)


def _spans(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Kind, start and end of all that might identify somebody, the surest kinds first."""
    for match in NHS_SHAPE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(set(digits)) > 1 and nhs.is_valid(digits):
            yield Kind.NHS_NUMBER, match.start(), match.end()
    for kind, pattern in SURE:
        for match in pattern.finditer(text):
            yield kind, match.start(), match.end()
    # Possible, not only valid: a mistyped number still points at somebody, and new ranges open before the tables know.
    enough = len(re.findall(r"\d", text)) >= PHONE_DIGITS  # most texts hold no such number, and looking for one is slow
    for phone in phonenumbers.PhoneNumberMatcher(text if enough else "", "GB", leniency=POSSIBLE):
        dialled = phone.raw_string.lstrip("(")
        digits = re.sub(r"\D", "", dialled)
        if dialled.startswith(("0", "+")) and len(digits) >= PHONE_DIGITS and len(set(digits)) > 1:
            yield Kind.PHONE, phone.start, phone.end
    for kind, pattern, harmless in UNLESS:
        for match in pattern.finditer(text):
            if match.group(1) not in harmless:
                yield kind, match.start(), match.end()
    for match in TITLED.finditer(text):
        yield Kind.TITLED_NAME, match.start(), match.end()
