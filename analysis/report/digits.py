"""Formats numbers so that a reader can trust them: only digits that the count
supports, and intervals of a sample."""

import math

Z_95 = 1.959963984540054  # quantile 0.975 of the normal distribution
MOST_DIGITS = 2


def digits_of(of):
    """How many digits are shown: one more or less of `of` changes at most the
    last one."""
    return max(0, min(MOST_DIGITS, math.floor(math.log10(of)) - 2)) if of else 0


def percent_text(part, of):
    """`19 %` of 870, `18.7 %` of 8,700; never 0 % of some, or 100 % of not all."""
    if not of:
        return "–"
    digits = digits_of(of)
    text = f"{100 * part / of:.{digits}f}"
    least = 10 ** -digits
    if part > 0 and float(text) == 0:
        return f"under {least:.{digits}f} %"
    if part < of and float(text) == 100:
        return f"over {100 - least:.{digits}f} %"
    return f"{text} %"


def share_text(part, of, undetermined):
    """A share about which nothing is known is not 0 %."""
    return "undetermined" if of and undetermined == of else \
        percent_text(part, of)


def points_text(change, of):
    """A change in percentage points: `+1.3`."""
    text = f"{change:+.{digits_of(of)}f}"
    return "0" if float(text) == 0 else text.replace("-", "−")


def wilson(part, of):
    """The interval of a share in a sample, at 95 %, in percent."""
    if not of:
        return 0.0, 100.0
    share, z2 = part / of, Z_95 ** 2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 / (1 + z2 / of) * math.sqrt(
        share * (1 - share) / of + z2 / (4 * of * of))
    return (0.0 if part == 0 else 100 * (middle - half),
            100.0 if part == of else 100 * (middle + half))


def interval_text(part, of):
    low, high = wilson(part, of)
    digits = max(1, digits_of(of))
    return f"{low:.{digits}f} to {high:.{digits}f} %"
