"""The regulations behind both frameworks: Health and Social Care Act 2008 (Regulated Activities) Regulations 2014."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regulation:
    """One regulation that a priority can be tagged with."""

    number: int
    name: str


REGULATIONS = (
    Regulation(9, "Person-centred care"),
    Regulation(10, "Dignity and respect"),
    Regulation(11, "Need for consent"),
    Regulation(12, "Safe care and treatment"),
    Regulation(13, "Safeguarding service users from abuse and improper treatment"),
    Regulation(14, "Meeting nutritional and hydration needs"),
    Regulation(15, "Premises and equipment"),
    Regulation(16, "Receiving and acting on complaints"),
    Regulation(17, "Good governance"),
    Regulation(18, "Staffing"),
    Regulation(19, "Fit and proper persons employed"),
    Regulation(20, "Duty of candour"),
)
