"""How a case from a return is named: by a reference that leads back to the row, and never by an NHS number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pbcheck.exports.cld.fields import READ
from pbcheck.exports.cld.store import Stored, is_nhs_number

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}\Z")  # the definition `id` of the schema
_NOT_DIGITS = re.compile(r"\D")
_LONGEST = 48  # what is left of 64 for the council's code and `/carer`
_PERSON, _COUNCIL = READ.index("person_id"), READ.index("la_code")


def case_name(rows: Sequence[Stored], *, several_councils: bool) -> str:
    """Return the id of a person's case: the council's identifier where it has the form of a reference and is no NHS number.

    Else, and where one identifier goes with several people, it is `row-` and the number of the person's first row. With rows of
    several councils in one file, the council's code comes first.
    """
    first = rows[0]
    number = f"row-{first[1]}"
    if first[3]:
        return number
    for row in rows:
        text = row[4][_PERSON].strip()
        if _FORM.match(text) and len(text) <= _LONGEST and not text.startswith("row-") and not is_nhs_number(_NOT_DIGITS.sub("", text)):
            council = row[4][_COUNCIL].strip()
            return f"{council}/{text}" if several_councils and _FORM.match(council) and len(council) < 10 else text
    return number
