"""The names of the months as people write them in English, German, French and Spanish."""

from __future__ import annotations

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# Only names that mean one month in all four languages: French `jui` could be June or July, and Spanish `set`
# is an English word.
NAMES: tuple[str, ...] = (
    "january jan januar jänner jaenner jän janvier janv enero ene",
    "february feb februar feber février fevrier févr fevr fév fev febrero",
    "march mar märz maerz mär mrz mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto ago",
    "september sep sept septembre septiembre setiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic",
)
MONTH_NUMBERS = {name: at for at, names in enumerate(NAMES, 1) for name in names.split()}
"""The number of each month by its name in lower case; an accent is one character with its letter."""
