"""Passwords, sessions and tokens: how they begin, how they end, how often they are tried."""

from __future__ import annotations

from pathlib import Path

from tests.security.mutations.mutation import (
    Added,
    Body,
    Condition,
    Fragment,
    Mutation,
    Value,
    Without,
)

FIELD = Path("templates/accounts/_field.html")

LOGINS = [
    Mutation(
        "a key does only what its scopes say",
        "keys.scopes.require",
        Body("return"),
        "tests/keys/test_scopes.py::may_only_read",
    ),
    Mutation(
        "what is no upload needs more than the scope of uploads",
        "keys.scopes.needed",
        Body("return Scope.READ"),
        "tests/keys/test_scopes.py::each_scope",
    ),
    Mutation(
        "an ended key opens nothing",
        "_live_key",
        Fragment("key.ended_at is not None or ", ""),
        "tests/keys/test_keys.py::ended_key_says_so",
    ),
    Mutation(
        "a key of nobody who may sign in opens nothing",
        "_live_key",
        Fragment(" or not key.owner.is_active", ""),
        "tests/keys/test_keys.py::behind_our_back",
    ),
    Mutation(
        "a key needs its secret",
        "keys.api_keys.find",
        Fragment(" or not constant_time_compare(key.secret_hash, _hash(text))", ""),
        "tests/keys/test_keys.py::secret_of_one_key",
    ),
    Mutation(
        "people end their own keys alone",
        "keys.views.end",
        Fragment(", owner=request.user", ""),
        "tests/keys/test_page.py::nobody_ends",
    ),
    Mutation(
        "streams end with their key",
        "_live_keys",
        Fragment("ApiKey.objects.live()", "ApiKey.objects.all()"),
        "tests/keys/test_keys.py::stream_ends_with_its_key",
    ),
    Mutation(
        "the known password is told to this machine alone",
        "may_be_told",
        Fragment("settings.IS_LOCAL_ONLY and _comes_from_here(request) and ", ""),
        "tests/accounts/test_pages.py::told_on_this_machine_alone",
    ),
    Mutation(
        "an old form to sign in signs nobody in",
        "csrf_failure",
        Fragment("return _sign_in_again(request, reason)", "return SignInView.as_view()(request)"),
        "tests/accounts/test_pages.py::old_form_to_sign_in",
    ),
    Mutation(
        "a sign-in makes a new session",
        "SignInView.form_valid",
        Body("return super().form_valid(form)"),
        "tests/security/test_sessions.py::changes_at_each_sign_in",
    ),
    Mutation(
        "sessions end when idle",
        "has_ended",
        Fragment("return is_idle or ", "return "),
        "tests/security/test_sessions.py::eight_hours",
    ),
    Mutation(
        "sessions end after a week",
        "has_ended",
        Fragment("now - began_at > settings.SESSION_COOKIE_AGE", "False"),
        "tests/security/test_sessions.py::for_a_week",
    ),
    Mutation(
        "signing out clears the browser",
        "SignOutView.post",
        Body("return super().post(request, *args, **kwargs)"),
        "tests/security/test_sessions.py::signing_out_ends_the_session",
    ),
    Mutation(
        "password managers may fill in",
        FIELD,
        Fragment(
            "  {{ field }}\n",
            '  <input name="{{ field.html_name }}" id="{{ field.id_for_label }}"'
            ' autocomplete="off">\n',
        ),
        "tests/security/test_sessions.py::typed_hidden",
    ),
    Mutation(
        "passwords have twelve characters",
        "settings.AUTH_PASSWORD_VALIDATORS",
        Fragment("'min_length': 12", "'min_length': 1"),
        "tests/security/test_sessions.py::need_length",
    ),
    Mutation(
        "passwords are not among the first guesses",
        "GuessingValidator.validate",
        Body("pass"),
        "tests/accounts/test_easy_passwords.py::refused",
    ),
    Mutation(
        "names count for nothing in a password",
        "password_validators.known_words",
        Body("return set()"),
        "tests/accounts/test_easy_passwords.py::count_for_nothing",
    ),
    Mutation(
        "the present password is asked for",
        "ChangePasswordView",
        Added("form_class = auth_views.SetPasswordForm"),
        "tests/accounts/test_pages.py::cannot_be_changed",
    ),
    Mutation(
        "deactivated looks like wrong",
        "PasswordBackend",
        Added("def user_can_authenticate(self, user):\n    return True"),
        "tests/accounts/test_pages.py::inactive",
    ),
    Mutation(
        "logins are logged",
        "PasswordBackend.authenticate",
        Without("logger.info"),
        "tests/accounts/test_login_api.py::logins_are_logged",
    ),
    Mutation(
        "the known password is not made",
        "demo.create",
        Condition("is_allowed", always=False),
        "tests/accounts/test_demo.py::no_known_password_is_made",
    ),
    Mutation(
        "the known password is not served",
        "Command._refuse_the_demo_password",
        Body("pass"),
        "tests/project/test_up.py::known_password",
    ),
    Mutation(
        "the known password is refused to others",
        "demo.is_refused",
        Body("return False"),
        "tests/accounts/test_demo.py::opens_nothing",
    ),
    Mutation(
        "who passes a request on is not here",
        "demo.PASSED_ON",
        Value("()"),
        "tests/accounts/test_demo.py::opens_nothing",
    ),
    # Tokens.
    Mutation(
        "tokens have an issuer",
        "api_settings.simple_jwt",
        Fragment("'ISSUER': 'atom', ", ""),
        "tests/accounts/test_tokens.py::forged_or_confused",
    ),
    Mutation(
        "tokens have a key of their own",
        "settings.SIMPLE_JWT",
        Fragment("JWT_SECRET_KEY", "SECRET_KEY"),
        "tests/accounts/test_tokens.py::forged_or_confused",
    ),
    Mutation(
        "a short token key stops the start",
        "signing_keys.signing_keys",
        Condition("SHORTEST", always=False),
        "tests/security/test_documented.py::short_key",
    ),
    Mutation(
        "a token is dead when its login has ended",
        "_live_login",
        Condition("is_live", always=False),
        "tests/accounts/test_login_api.py::ends_both_tokens",
    ),
    Mutation(
        "an old refresh token ends its login",
        "tokens.refresh",
        Without("end"),
        "tests/accounts/test_login_api.py::only_the_newest_refresh",
    ),
    Mutation(
        "a login by token ends some day",
        "_login_expiry",
        Fragment("min(slides_to, began_at + settings.JWT_LOGIN_LIFETIME)", "slides_to"),
        "tests/accounts/test_tokens.py::alive_for_ever",
    ),
    Mutation(
        "a token in an address opens nothing",
        "BearerAuthentication.authenticate",
        Fragment(
            "in_header(request.META.get('HTTP_AUTHORIZATION', ''))",
            "in_header(request.META.get('HTTP_AUTHORIZATION', ''))"
            " or request.query_params.get('token', '').encode() or None",
        ),
        "tests/accounts/test_tokens.py::token_in_the_address",
    ),
    Mutation(
        "deactivation ends every login",
        "User.save",
        Body("super().save(*args, **kwargs)"),
        "tests/accounts/test_tokens.py::stays_out_after_reactivation",
    ),
    Mutation(
        "whether a user is active is looked up each time",
        "LoginSession.is_live",
        Fragment("self.user.is_active", "True"),
        "tests/accounts/test_tokens.py::behind_our_back",
    ),
    Mutation(
        "a new password ends other logins",
        "LoginSession.is_live",
        Fragment(
            "constant_time_compare(self.auth_hash, self.user.get_session_auth_hash())", "True"
        ),
        "tests/accounts/test_tokens.py::ends_every_other_login",
    ),
    # How often.
    Mutation(
        "wrong logins are counted by name",
        "take_login",
        Fragment("[*receipts, take(subject, WRONG_LOGINS)]", "receipts"),
        "tests/accounts/test_throttles.py::eleventh_wrong_login",
    ),
    Mutation(
        "wrong logins are counted by address",
        "take_login",
        Fragment("[take(f'login-from:{place}', WRONG_LOGINS)]", "[]"),
        "tests/accounts/test_throttles.py::eleventh_wrong_login",
    ),
    Mutation(
        "a name is one however it is spelled",
        "throttles._digest",
        Fragment(".casefold()", ""),
        "tests/accounts/test_throttles.py::however_it_is_spelled",
    ),
    Mutation(
        "a stranger keeps nobody out",
        "take_login",
        Condition("is_familiar", always=False),
        "tests/accounts/test_throttles.py::does_not_keep_somebody_out",
    ),
    Mutation(
        "the old password is not guessed at leisure",
        "ChangePasswordView.post",
        Without("take_password_change"),
        "tests/accounts/test_throttles.py::old_password_cannot_be_guessed",
    ),
    Mutation(
        "a forwarded address is believed of a proxy only",
        "throttles.address",
        Condition("is_trusted", always=True),
        "tests/accounts/test_throttles.py::forwarded_address",
    ),
    Mutation(
        "only the last hop is the word of the proxy",
        "throttles.address",
        Fragment("rpartition(',')[2]", "partition(',')[0]"),
        "tests/accounts/test_throttles.py::its_own_word_counts",
    ),
    Mutation(
        "requests are counted",
        "throttles.REQUESTS",
        Value("6_000_000"),
        "tests/accounts/test_throttles.py::600_requests",
    ),
    Mutation(
        "pages are counted",
        "CountPages.process_view",
        Body("return None"),
        "tests/accounts/test_counting.py::pages_of_a_user or uploads_by_the_form",
    ),
    Mutation(
        "right logins are counted",
        "throttles.RIGHT_LOGINS",
        Value("6_000_000"),
        "tests/accounts/test_counting.py::right_logins",
    ),
    Mutation(
        "uploads are counted",
        "throttles.UPLOADS",
        Value("6_000_000"),
        "tests/accounts/test_throttles.py::uploads_are_counted",
    ),
]
