"""Key facts of papers of form (information extraction by rules): invoices, letters, contracts.

`finder` asks the rules of the kind of paper. Each fact is a stretch of the page, with the line or
the sentence it stands in as its quote; what a paper does not state is not guessed. `dates` and
`amounts` normalize; `labels` has the words that name a fact, a row each with its example.
"""
