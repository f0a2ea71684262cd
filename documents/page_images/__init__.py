"""Page images: the original as a person sees it, and where on it a quote stands (rendering)."""
