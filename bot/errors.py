"""The refusals a rule may give, each carrying the sentence that a person will read."""


class Refusal(Exception):
    """A rule said no. `sentence` says what happened and what to do next; `field` names the form field at fault."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotFound(Refusal):
    """Nothing of that name that this person may see; the same words whether it is absent or merely not theirs."""


class NotAllowed(Refusal):
    """The person is known here, but their role does not carry this right."""


class BadInput(Refusal):
    """What was typed cannot be kept as it stands; the form stays open with the words in it."""


class Stale(Refusal):
    """Someone else changed the record since this form or button was made."""


class AlreadyDone(Refusal):
    """The same request came before, by a double click or a repeat from Slack; what it did then still stands."""

    def __init__(self, sentence: str = "That was already done; nothing was changed twice.") -> None:
        super().__init__(sentence)


class Taken(Refusal):
    """Another record was given the same unique key (a channel, a Slack id, a number) in the meantime."""

    def __init__(self, sentence: str = "Someone else just added the same. Nothing was saved; look again.") -> None:
        super().__init__(sentence)


class TooLarge(Refusal):
    """A file has more bytes than may be kept."""

    def __init__(self, limit: int) -> None:
        size = f"{limit / 1_000_000:g} MB"
        super().__init__(f"That file is larger than {size}, the most that can be kept. Share a smaller one, or a link.")


class WrongSchema(RuntimeError):
    """The database is not as this release reads and writes it; the words say what to do."""


class NewerSchema(WrongSchema):
    """The database was written by a newer release than this program."""


class OlderSchema(WrongSchema):
    """The database has not been brought up to this release."""


class SealedToken(RuntimeError):
    """A stored token was encrypted with a key that is not in TOKEN_KEYS."""


class StorageTrouble(OSError):
    """Evidence files cannot be kept or read just now; the words say why, for whoever runs Grip."""
