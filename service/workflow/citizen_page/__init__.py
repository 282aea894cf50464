"""*Mine oplysninger*: what is held about a citizen, what it was used for, who looked, and what she can do.

`page` gathers what is shown and `opening` leaves the entry for it. One gets at it with a code (`codes`),
through a caseworker on the phone, or by a power of attorney (`representation`). What she says is wrong is
taken and answered in `reports`.
"""
