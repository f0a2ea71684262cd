"""Action items (information extraction by rules): what a document asks somebody to do.

`action_items` walks the sentences. The pre-filter lets few of them through; marks are peeled off
the front; the rules read what is left; marks, doubts, a due date and the section make a reading
more or less sure, and the genre says how sure is enough. What stays is worded as a short order.
"""
