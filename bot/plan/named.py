"""Which people a record names."""

# Where a record names a person; what it holds in tuples (extensions, changes of target) names them by person_id.
_PEOPLE_FIELDS = (
    "person_id",
    "owner_id",
    "lead_id",
    "done_by",
    "verified_by",
    "responded_by",
    "answered_by",
    "signed_by",
    "from_owner_id",
    "to_owner_id",
)
_CHANGES_FIELDS = ("extensions", "retargeted", "rebased")


def people_in(record: object) -> set[str]:
    """The ids of all people that a record names, in whatever part they have in it."""
    named = {getattr(record, field, None) for field in _PEOPLE_FIELDS}
    named |= {change.person_id for field in _CHANGES_FIELDS for change in getattr(record, field, ())}
    return {str(one) for one in named if one} | set(getattr(record, "with_ids", ()))
