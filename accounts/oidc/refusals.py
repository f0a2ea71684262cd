"""Why somebody was not signed in by the provider, in words for the page."""

from __future__ import annotations


class SignInRefused(Exception):
    """`code` is for the log, which gets no claim of anybody; `detail` is for the page."""

    status = 403

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class ProviderUnavailable(SignInRefused):
    """The provider was not there, or did not answer as one."""

    status = 503

    def __init__(self, what: str) -> None:
        super().__init__(
            "provider_unavailable",
            "The sign-in service does not answer as it should. Try again in a moment, or sign in "
            "with a password if you have one.",
        )
        self.what = what  # for the operator


class TokenRefused(SignInRefused):
    """What the provider sent proves nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(
            code,
            "What the sign-in service sent could not be trusted, so nobody was signed in. Try "
            "again; if that does not help, tell the operator.",
        )


def expired() -> SignInRefused:
    return SignInRefused(
        "unknown_state",
        "This sign-in had expired or was used already. Start again.",
    )


def cancelled() -> SignInRefused:
    return SignInRefused("cancelled", "The sign-in service signed nobody in. You can start again.")


def no_account() -> SignInRefused:
    return SignInRefused(
        "no_account",
        "The sign-in service knows you, but no account here is linked to that. If you have one, "
        "sign in with its password and link it on the page of your account. Otherwise ask the "
        "operator for one.",
    )


def deactivated() -> SignInRefused:
    return SignInRefused("deactivated", "Your account is deactivated. Ask the operator about it.")


def linked_to_another() -> SignInRefused:
    return SignInRefused("linked_to_another", "That sign-in is linked to another account here.")


def has_another() -> SignInRefused:
    return SignInRefused(
        "has_another", "Your account is linked to another sign-in. End that link first."
    )


def signed_in_as_another() -> SignInRefused:
    return SignInRefused(
        "other_user", "Somebody else is signed in now, so nothing was linked. Start again."
    )


def busy() -> SignInRefused:
    return SignInRefused("busy", "Too many came in at this moment. Try again.")
