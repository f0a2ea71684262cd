"""The trash: what is deleted on a page is there for some days, and nowhere else."""
