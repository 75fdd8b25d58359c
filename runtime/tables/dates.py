"""Dates as people write them: 2006-06-02, 02-Jun-06, June 2, 2006, 2. Juni 2006, 02.06.2006, 6/2/06 14:30."""

from __future__ import annotations

import polars as pl

from flows.problems import Refused, refuse
from runtime.tables.months import MONTH_NUMBERS, MONTHS

TIME = (
    r"(?:[T\s]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?)?$"
)
YEAR_FIRST = r"^(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})" + TIME
NAME = r"(?P<name>[\p{L}\p{M}]{3,12})\.?"  # some programs store an accent as a character of its own
DAY_NAMED = (
    rf"^(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|º)?[-\s/.]*(?:del?\s+)?{NAME}(?:\s+del?\s+|[-\s/.,]*)"
    r"(?P<year>[0-9]{4}|[0-9]{2})"
) + TIME
NAME_FIRST = (rf"^{NAME}[-\s](?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[-\s](?P<year>[0-9]{{4}})") + TIME
NUMERIC = r"^(?P<one>[0-9]{1,2})[/.-](?P<two>[0-9]{1,2})[/.-](?P<year>[0-9]{4}|[0-9]{2})" + TIME
LIKELY = (
    r"^(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
    r"|[0-9]{1,2}[a-zº]{0,2}[-\s/.]*(?:del?\s+)?[\p{L}\p{M}]{3}"
    r"|[\p{L}\p{M}]{3,12}\.?[-\s][0-9])"
)
PLAIN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2})?$"
LONGEST = 48  # bytes; nothing longer is a date
CENTURY_TURNS = 69  # as in POSIX strptime: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068


def read_dates(words: pl.Series) -> pl.DataFrame:
    """Return for each word its time in UTC with the day first and with the month first, and its flags.

    Both are Datetime[us, UTC], null where the word is no date in that reading; they differ only for dates of
    three numbers that end with the year. A time without a zone is taken as UTC. `timed` means that it holds
    more than midnight.
    """
    frame = pl.DataFrame({"word": words.rename("word")}).with_row_index("row")
    short = pl.col("word").str.len_bytes() <= LONGEST
    likely = frame.filter(short & pl.col("word").str.contains(LIKELY))
    plain = pl.col("word").str.contains(PLAIN)
    rest = likely.filter(~plain)
    found = [_read(rest, pattern) for pattern in (YEAR_FIRST, DAY_NAMED, NAME_FIRST, NUMERIC)]
    dates = pl.concat([_read_plain(likely.filter(plain)), *found]).unique("row", maintain_order=True)
    joined = frame.join(dates, on="row", how="left", maintain_order="left")
    day, month = pl.col("day_first").is_not_null(), pl.col("month_first").is_not_null()
    return joined.drop("row", "word").with_columns(
        pl.col("day_sure").fill_null(False) & day,
        pl.col("month_sure").fill_null(False) & month,
        pl.col("either", "short_year", "timed", "naive").fill_null(False) & (day | month),
    )


def _read_plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Read `2006-06-02` and `2006-06-02 14:30:00`, about five times as fast as the patterns do."""
    clock = pl.col("word").str.slice(11)
    full = pl.concat_str(
        pl.col("word").str.slice(0, 10), pl.when(clock == "").then(pl.lit("00:00:00")).otherwise(clock)
    )
    moment = full.str.to_datetime("%Y-%m-%d%H:%M:%S", strict=False, time_unit="us").dt.replace_time_zone("UTC")
    moment = pl.when(moment.dt.year() > 0).then(moment)
    no = pl.lit(False)
    return frame.select(
        "row",
        day_first=moment,
        month_first=moment,
        day_sure=no,
        month_sure=no,
        either=no,
        short_year=no,
        timed=~clock.is_in(["", "00:00:00"]),
        naive=clock != "",
    )


def _read(frame: pl.DataFrame, pattern: str) -> pl.DataFrame:
    fields = frame.filter(pl.col("word").str.contains(pattern)).select(
        "row", pl.col("word").str.extract_groups(pattern).struct.unnest()
    )
    absent = {"one", "two", "day", "month", "name"} - set(fields.columns)
    fields = fields.with_columns(pl.lit(None, pl.String).alias(name) for name in sorted(absent))
    month = pl.coalesce(pl.col("month").cast(pl.Int32), _month_number(pl.col("name")))
    one, two = (pl.col(name).cast(pl.Int32, strict=False) for name in ("one", "two"))
    day = pl.col("day").cast(pl.Int32, strict=False)
    return fields.select(
        "row",
        day_first=_moment(pl.coalesce(month, two), pl.coalesce(day, one)),
        month_first=_moment(pl.coalesce(month, one), pl.coalesce(day, two)),
        day_sure=one > 12,
        month_sure=two > 12,
        either=one.is_not_null() & (one <= 12) & (two <= 12) & (one != two),
        short_year=pl.col("year").str.len_bytes() == 2,
        timed=(_clock() != 0).fill_null(False) | pl.col("zone").is_not_null(),
        naive=pl.col("hour").is_not_null() & pl.col("zone").is_null(),
    )


def _month_number(name: pl.Expr) -> pl.Expr:
    plain = name.str.normalize("NFC").str.to_lowercase()
    return plain.replace_strict(MONTH_NUMBERS, default=None, return_dtype=pl.Int32)


def _moment(month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the moment in UTC, null where there is no such day or time."""
    two = pl.col("year").cast(pl.Int32)
    turned = pl.when(two < CENTURY_TURNS).then(two + 2000).otherwise(two + 1900)
    year = pl.when(pl.col("year").str.len_bytes() == 2).then(turned).otherwise(two)
    padded = [part.cast(pl.String).str.zfill(width) for part, width in ((year, 4), (month, 2), (day, 2))]
    midnight = pl.concat_str(padded, separator="-").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    since = pl.duration(microseconds=pl.when(pl.col("hour").is_null()).then(0).otherwise(_clock()))
    moment = pl.when(year > 0).then(midnight + since - pl.duration(minutes=_offset()))
    return moment.dt.replace_time_zone("UTC")


def _clock() -> pl.Expr:
    """Return microseconds since midnight, null for an impossible time."""
    hour, minute, second = (pl.col(name).cast(pl.Int64) for name in ("hour", "minute", "second"))
    half = pl.col("half").str.to_lowercase().str.slice(0, 1)
    twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    turned = pl.when(half.is_null()).then(hour).otherwise(twelve)
    part = pl.col("part").str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    second = second.fill_null(0)
    possible = (turned < 24) & (minute < 60) & (second < 60)
    return pl.when(possible).then(((turned * 60 + minute) * 60 + second) * 1_000_000 + part)


def _offset() -> pl.Expr:
    """Return the minutes by which the zone is ahead of UTC."""
    zone = pl.col("zone")
    digits = zone.str.replace_all(r"[^0-9]", "").str.pad_end(4, "0")
    hours, rest = (digits.str.slice(start, 2).cast(pl.Int64) for start in (0, 2))
    minutes = hours * 60 + rest
    ahead = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.when(zone.str.contains("[0-9]")).then(ahead).otherwise(0)


def which_first(
    column: str, day_sure: tuple[str, ...], month_sure: tuple[str, ...], either: tuple[str, ...]
) -> Refused:
    """Return the refusal of a column that does not say whether the day or the month comes first."""
    if day_sure and month_sure:
        found = f"has {day_sure[0]}, where the day comes first, and {month_sure[0]}, where the month does"
    else:
        one, two, *_ = either[0].replace(".", "/").replace("-", "/").split("/")
        found = (
            f"holds {either[0]}, which can be {int(one)} {MONTHS[int(two) - 1]}"
            f" or {int(two)} {MONTHS[int(one) - 1]}, and no value decides"
        )
    what = "Set `dates: day-first` or `dates: month-first`, or list the column under `text_columns`."
    return refuse("table-date-order", f"The column {column} {found}. {what}", column)
