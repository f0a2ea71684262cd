"""To do: the tasks of all documents of a person, as a list, a table, a calendar and a feed."""
