"""What a request leaves behind when it is answered, and what a stream holds while it goes on."""

import pytest

from tests.live.test_endings import opened

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_stream_holds_nothing_of_its_request(own_web, alice):
    web = own_web(ATOM_MAX_STREAMS_PER_USER="20")
    ears = [opened(web.listen(alice)) for _ in range(20)]
    inside = web.inside()
    for ear in ears:
        ear.close()
    assert inside["listeners"] == 20
    assert inside["requests"] == 0
