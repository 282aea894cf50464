"""*Sådan blev din genoptræning besluttet*: what a caseworker tells the citizen of one decision.

It is made from what a person decided and wrote and from what the log proves, never from a model's figures:
similar cases appear as counts alone. The order of a letter: `ground` gathers what is known of a decision,
`proof` asks the log what may be said of the order of things, `draft` proposes the three mandatory parts,
`compose` puts the words together, `checks` and `plain` hold them against what a letter must be, and `write`
stores what was signed. Afterwards the stored words are shown, never words made anew.
"""
