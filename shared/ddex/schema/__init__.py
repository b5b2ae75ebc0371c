"""What the schemas of ERN allow, as tables of facts that compile to a checker.

The tables beside these modules hold facts alone (which elements there are, in which
order, how often, of which type, with which values): no text of DDEX's files.
"""
