"""A request is handed over when all of it is there, not before; what need not be waited for is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.security import LARGEST_FORM
from service.web.worker import LARGEST_HEAD, Unwelcome, size_of_first

HEAD = b"POST /log-ind HTTP/1.1\r\nHost: localhost\r\n"


@given(st.binary(max_size=200), st.binary(max_size=50), st.data())
def test_a_request_has_its_size_however_it_arrives(body: bytes, after: bytes, data: st.DataObject) -> None:
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    so_far = data.draw(st.integers(0, len(request)))

    assert size_of_first(request + after) == len(request)
    found = size_of_first(request[:so_far])
    assert found == (None if so_far < len(request) - len(body) else len(request))


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"Transfer-Encoding: chunked\r\n", "411"),
        (b"transfer-encoding : x\r\nContent-Length: 4\r\n", "411"),
    ],
    ids=["pieces", "pieces and length"],
)
def test_a_body_without_a_plain_end_is_not_waited_for(lines: bytes, status: str) -> None:
    with pytest.raises(Unwelcome, match=status):
        size_of_first(HEAD + lines + b"\r\n")


@pytest.mark.parametrize(
    "head",
    [b"GET / HTTP/1.1\r\nX: y\r\n\r\n", b"GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", b"\r\n\r\n"],
    ids=["no host", "host in the first line", "nothing"],
)
def test_a_request_must_say_once_whom_it_is_for(head: bytes) -> None:
    with pytest.raises(Unwelcome, match="400"):
        size_of_first(head)


def test_a_head_without_an_end_is_not_waited_for() -> None:
    assert size_of_first(b"G" * LARGEST_HEAD) is None
    with pytest.raises(Unwelcome, match="431"):
        size_of_first(b"G" * (LARGEST_HEAD + 1))


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: %d\r\n" % (LARGEST_FORM + 1),
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n",
        b"Content_Length: 5\r\n",
    ],
    ids=["too large", "two", "negative", "huge", "misspelt"],
)
def test_a_body_that_will_be_refused_is_not_waited_for(lines: bytes) -> None:
    head = HEAD + lines + b"\r\n"

    assert size_of_first(head) == len(head)
