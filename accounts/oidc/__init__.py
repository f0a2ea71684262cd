"""Single sign-on: people sign in at a provider of OpenID Connect, if the settings name one."""
