#!/usr/bin/env python3
"""Run ATOM's commands; `python manage.py help` lists them."""

from atom_project.command_line import main

if __name__ == "__main__":
    main()
