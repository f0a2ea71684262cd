"""tus as its own clients speak it: tus-js-client and Uppy, from npm (`make tus-clients`)."""
