"""Document classification by rules: minutes, letter, contract, invoice, report, manual, list.

`vocabulary` has the words that each kind of paper is known by, a row a sign, with its example;
`lines` counts what lines look like; `classifier` adds up and says what told.
"""
