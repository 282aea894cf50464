"""Requests that two programs could read differently: the body of one is the other's next request."""

HIDDEN = b"GET /sundhed HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""The request that each of them tries to bring past whoever stands in front."""

HOST = b"Host: localhost\r\n"
POST, GET = b"POST /log-ind HTTP/1.1\r\n" + HOST, b"GET /sundhed HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST = b"0\r\n\r\n"


def _sized(length: bytes, body: bytes = b"hello") -> bytes:
    return POST + b"Content-Length: " + length + b"\r\n\r\n" + body


def _chunked(body: bytes) -> bytes:
    return POST + CHUNKED + b"\r\n" + body


AMBIGUOUS = {
    "length and pieces": POST + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n" + LAST + b"G",
    "pieces and length": POST + CHUNKED + b"Content-Length: 4\r\n\r\n5c\r\n",
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 46\r\n\r\n",
    "one length twice": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a list of lengths": _sized(b"5, 5"),
    "a signed length": _sized(b"+5"),
    "a negative length": _sized(b"-5"),
    "a length in hexadecimal": _sized(b"0x5"),
    "a length in other digits": _sized("\N{ARABIC-INDIC DIGIT FIVE}".encode()),
    "a space before the colon": POST + b"Content-Length : 5\r\n\r\nhello",
    "an encoding nobody knows": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + LAST,
    "an encoding behind a control sign": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + LAST,
    "two encodings": POST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n" + LAST,
    "pieces in HTTP/1.0": POST.replace(b"1.1", b"1.0") + CHUNKED + b"\r\n" + LAST,
    "a negative piece": _chunked(b"-1\r\n\r\n" + LAST),
    "a piece that is longer than it says": _chunked(b"5\r\nhelloXX" + LAST),
    "a line break inside an extension": _chunked(b"5;a\nb\r\nhello\r\n" + LAST),
    "a folded line": GET + b"X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n",
    "a bare carriage return": GET + b"X-A: b\r" + CHUNKED + b"\r\n",
    "a bare line feed": GET + b"X-A: b\nContent-Length: 5\r\n\r\nhello",
    "a nought in a line": GET + b"X-A: b\x00c\r\n\r\n",
    "a line without a colon": GET + b"Nonsense\r\n\r\n",
    "a space before a name": b"GET /sundhed HTTP/1.1\r\n Host: localhost\r\n\r\n",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "no host": b"GET /sundhed HTTP/1.1\r\n\r\n",
    "another host in the first line": b"GET http://evil.example/sundhed HTTP/1.1\r\n" + HOST + b"\r\n",
    "a version nobody speaks": GET.replace(b"1.1", b"2.0") + b"\r\n",
    "a tab in the first line": GET.replace(b" /", b"\t/") + b"\r\n",
    "a space in the address": GET.replace(b"/sundhed", b"/sund hed") + b"\r\n",
    "a method in two lines": b"GE\r\nT /sundhed HTTP/1.1\r\n" + HOST + b"\r\n",
}
