"""A bare Django REST framework over ATOM's rows: token, viewset, page numbers, and no more."""
