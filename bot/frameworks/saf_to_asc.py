"""Where each quality statement of the single assessment framework goes in the adult social care draft of March 2026."""

from bot.frameworks.shape import Link


def _same(old: str, new: str) -> Link:
    return Link(old, new, same_name=True)


def _proposed(old: str, new: str) -> Link:
    return Link(old, new, same_name=False)


# CQC has published no such map. Statements that keep their name are marked so; all other lines are our proposal.
SAF_TO_ASC = (
    _proposed("S1", "KS1"),
    _same("S2", "KS3"),
    _same("S3", "KS4"),
    _proposed("S4", "KS2"),
    _proposed("S5", "KS5"),
    _proposed("S6", "KS6"),
    _proposed("S7", "KS5"),
    _proposed("S8", "KS7"),
    _same("E1", "KE1"),
    _proposed("E2", "KE2"),
    _proposed("E3", "KR1"),
    _proposed("E3", "KS3"),
    _same("E4", "KE3"),
    _proposed("E5", "KE2"),
    _same("E6", "KE4"),
    _same("C1", "KC1"),
    _proposed("C2", "KC2"),
    _same("C3", "KC3"),
    _proposed("C4", "KR2"),
    _proposed("C5", "KW2"),
    _same("R1", "KC2"),
    _same("R2", "KR1"),
    _proposed("R2", "KS3"),
    _proposed("R4", "KR2"),
    _proposed("R5", "KR3"),
    _proposed("R6", "KR4"),
    _proposed("W1", "KW1"),
    _proposed("W2", "KW3"),
    _proposed("W3", "KW2"),
    _proposed("W4", "KW2"),
    _proposed("W5", "KW4"),
    _same("W6", "KW5"),
    _proposed("W7", "KW6"),
)

# Left out of the draft, or without a line that plainly takes it up: a person has to choose.
WITHOUT_SUCCESSOR = ("R3", "R7", "W8")
