"""Claims with their quotes, faithful and spoiled, written before the check that judges them.

`working.txt` may be looked at while the check is tuned; `held_out.txt` is for scoring only.
A file is a list of papers:

    @ name language       begins a paper
    . A sentence.         one of the text, counted from 1
    + 1,2 A claim.        follows from the sentences 1 and 2, which it quotes
    - kind 1 A claim.     does not follow from the sentence it quotes
    - kind 1[words] …     quotes these words of the sentence and no others

A task has its owner behind `@` and its date behind `#`.
"""
