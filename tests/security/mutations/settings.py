"""What settings promise browsers and proxies."""

from __future__ import annotations

from tests.security.mutations.mutation import (
    Added,
    Body,
    Condition,
    Fragment,
    Mutation,
    Value,
    Without,
)

SETTINGS = [
    Mutation(
        "pages bind the browser to a policy",
        "app_settings.MIDDLEWARE",
        Without("CSPMiddleware"),
        "tests/security/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "the policy lets only our scripts run",
        "content_policy.CONTENT_SECURITY_POLICY",
        Fragment("'script-src': [SELF]", "'script-src': [SELF, \"'unsafe-inline'\"]"),
        "tests/security/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "the policy keeps forms on this site",
        "content_policy.CONTENT_SECURITY_POLICY",
        Fragment("'form-action': [SELF]", "'form-action': ['*']"),
        "tests/security/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "the policy keeps connections on this site",
        "content_policy.CONTENT_SECURITY_POLICY",
        Fragment("'connect-src': [SELF]", "'connect-src': ['*']"),
        "tests/security/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "the policy keeps styles in files",
        "content_policy.CONTENT_SECURITY_POLICY",
        Fragment("'style-src': [SELF]", "'style-src': [SELF, \"'unsafe-inline'\"]"),
        "tests/security/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "every answer binds the browser, at the door as well",
        "binding_headers",
        Body("return []"),
        "tests/security/test_https.py::keeps_browsers_with_https",
    ),
    Mutation(
        "https is the word of the named proxy only",
        "ForwardedScheme.__call__",
        Condition("is_trusted", always=True),
        "tests/security/test_wire.py::headers_of_a_proxy",
    ),
    Mutation(
        "Django believes nobody about https",
        "settings.SECURE_PROXY_SSL_HEADER",
        Value("('HTTP_X_FORWARDED_PROTO', 'https')"),
        "tests/security/test_wire.py::headers_of_a_proxy",
    ),
    Mutation(
        "no type is guessed",
        "settings",
        Added("SECURE_CONTENT_TYPE_NOSNIFF = False"),
        "tests/security/test_every_address.py::headers_that_bind",
    ),
    Mutation(
        "no other site reads static files",
        "settings.WHITENOISE_ALLOW_ALL_ORIGINS",
        Value("True"),
        "tests/security/test_every_address.py::static_files",
    ),
    Mutation(
        "cookies are out of reach of scripts",
        "settings.CSRF_COOKIE_HTTPONLY",
        Value("False"),
        "tests/security/test_sessions.py::out_of_reach",
    ),
    Mutation(
        "cookies are secure under https",
        "settings.SESSION_COOKIE_SECURE",
        Value("False"),
        "tests/security/test_documented.py::strict_cookies",
    ),
    Mutation(
        "HSTS lasts a year",
        "settings.SECURE_HSTS_SECONDS",
        Value("0"),
        "tests/security/test_documented.py::strict_cookies",
    ),
    Mutation(
        "a foreign host is refused",
        "settings.ALLOWED_HOSTS",
        Value("['*']"),
        "tests/security/test_wire.py::host_that_is_not_ours",
    ),
    Mutation(
        "a proxy or a public address says that others come",
        "settings.IS_LOCAL_ONLY",
        Value("is_local(ATOM_HOST) and not IS_HTTPS"),
        "tests/security/test_documented.py::others_come_where",
    ),
    Mutation(
        "nothing is debugged in public",
        "settings.DEBUG",
        Value("True"),
        "tests/security/test_documented.py::debugging_is_off",
    ),
    Mutation(
        "debugging stops the start in public",
        "settings",
        Condition("DEBUG and", always=False),
        "tests/security/test_documented.py::debugging_stops_the_start",
    ),
    Mutation(
        "the database file is its owner's alone",
        "database_file.create",
        Fragment("384", "438"),
        "tests/project/test_database_file.py::owners_alone",
    ),
    Mutation(
        "a missing database file is never made anew",
        "DatabaseWrapper.get_connection_params",
        Fragment("mode=rw", "mode=rwc"),
        "tests/project/test_database_file.py::missing_file_is_an_error",
    ),
    Mutation(
        "a worker ends when another database lies in the place of its own",
        "LeaseKeeper.keep_once",
        Condition("is_lost", always=False),
        "tests/project/test_database_file.py::ends_at_its_next_heartbeat",
    ),
]
