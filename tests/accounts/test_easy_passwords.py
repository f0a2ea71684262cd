"""Passwords that people choose are refused, and those made by chance are not."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import password_guessing
from accounts.models import User

# Taken before there was a rule for them.
TAKEN_ONCE = [
    *("passwordpassword", "123456789012", "welcome12345", "letmeinletmein", "changeme1234"),
    *("aaaaaaaaaaaa", "Password123!", "atom-password", "adminadmin123", "alicealicealice"),
]
# Written down before there was a rule, and no rule was changed for what it lets through: a
# sentence of four short words, and digits of pi.
HELD_OUT = (Path(__file__).parent / "easy_passwords.txt").read_text().split()
# By chance some of three frequent words are rows of keys or one word twice.
FALSE_REFUSALS_OF_200 = 1


def alice() -> User:
    return User(username="alice", email="alice@harbor.example", first_name="Alice")


def is_taken(password: str, user: Any = None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("password", TAKEN_ONCE)
def test_what_people_make_of_common_words_is_refused(password: str) -> None:
    assert not is_taken(password, alice())


def test_nearly_everything_alike_is_refused() -> None:
    assert len(HELD_OUT) == 139
    taken = {password for password in HELD_OUT if is_taken(password, alice())}
    assert taken == {"thisismypassword", "314159265358"}


@pytest.mark.parametrize(
    "password", ["harborharbor1", "alice.harbor!", "Alice-Harbor-2026", "documents-2026"]
)
def test_names_of_the_person_and_of_the_service_count_for_nothing(password: str) -> None:
    assert not is_taken(password, alice())


def test_names_in_the_address_of_the_service_count_for_nothing(settings: Any) -> None:
    assert is_taken("zephyrine-2026!")
    settings.ATOM_PUBLIC_URL = "https://atom.zephyrine.example"
    assert not is_taken("zephyrine-2026!")


def test_words_taken_by_chance_are_no_common_password() -> None:
    chance = random.Random(11)
    ranked = password_guessing._ranks()
    words = [word for word in ranked if word.isalpha() and 4 <= len(word) <= 8][:2000]
    phrases = [" ".join(chance.sample(words, 3)) for _ in range(200)]
    refused = [phrase for phrase in phrases if not is_taken(phrase)]
    assert len(refused) <= FALSE_REFUSALS_OF_200, refused


@pytest.mark.parametrize("alphabet", [string.ascii_lowercase, string.ascii_letters + string.digits])
def test_letters_taken_by_chance_are_no_common_password(alphabet: str) -> None:
    chance = random.Random(11)
    made = ["".join(chance.choices(alphabet, k=12)) for _ in range(200)]
    assert [password for password in made if not is_taken(password)] == []


@pytest.mark.parametrize(
    "password",
    [
        *(
            "correct horse battery",
            "another horse battery",
            "Das Boot liegt im Hafen",
            "月が海を照らす夜の港",
        ),
        *("İstanbul'da bir kış günü", "naïve façade öffnet", "x" * 5 + "qzv mulberry lantern"),
    ],
)
def test_passphrases_of_any_language_are_taken(password: str) -> None:
    assert is_taken(password + " +", alice())


def test_a_password_of_any_length_is_judged() -> None:
    assert not is_taken("ab" * 100_000)
    assert is_taken("mulberry lantern quartz " * 4)
