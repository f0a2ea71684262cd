"""Full-text search of one's own documents: what is indexed, forgotten and found.

Whoever stores, renames or deletes what is searched calls `index…` or `forget` in the same
transaction, so that index and documents cannot disagree. Words are asked for as they are: each
is looked for at the beginning of words, in any case and with or without accents, and a document
has to have all of them.
"""

from documents.search.backlog import begin_anew as begin_anew
from documents.search.backlog import catch_up as catch_up
from documents.search.backlog import purge as purge
from documents.search.backlog import state as state
from documents.search.entries import Part as Part
from documents.search.entries import fold as fold
from documents.search.entries import forget as forget
from documents.search.entries import index as index
from documents.search.entries import index_findings as index_findings
from documents.search.entries import index_new as index_new
from documents.search.entries import index_pages as index_pages
from documents.search.finding import MOST as MOST
from documents.search.finding import Hit as Hit
from documents.search.finding import Pages as Pages
from documents.search.finding import Place as Place
from documents.search.finding import best_first as best_first
from documents.search.finding import find as find
from documents.search.finding import hits as hits
from documents.search.finding import is_cut as is_cut
from documents.search.finding import marks as marks
from documents.search.finding import matching as matching
from documents.search.finding import pages_of as pages_of
from documents.search.places import Segment as Segment
