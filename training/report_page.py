"""A page that needs nothing outside itself, and can be printed: what every report is written on."""

from html import escape

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1,h2,h3,h4{line-height:1.25}h4{margin:1.5rem 0 0;font-size:1rem}h4+p{margin-top:0}
table{border-collapse:collapse;margin:1rem 0}
th,td{border-bottom:1px solid #ccc;padding:.3rem .7rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}img{max-width:100%;height:auto}
th[scope=row]{font-weight:400}.wide{overflow-x:auto}
h2{margin-top:3rem;border-top:1px solid #ccc;padding-top:1.5rem}
nav ol{columns:18rem;column-gap:2rem;margin:1.5rem 0;padding-left:1.5rem}nav li{break-inside:avoid}
nav a{color:#0b5c8a}.short th{width:14rem;font-weight:600}.short ul{margin:.3rem 0;padding-left:1.2rem}
figure.small svg{max-width:min(22rem,100%)}@page{size:A4;margin:18mm 15mm}
@media print{body{max-width:none;margin:0;font-size:10pt}
table{font-size:9pt}tr,figure{break-inside:avoid}h1,h2,h3{break-after:avoid}.wide{overflow:visible}}
svg{max-width:100%;height:auto}figure{margin:1rem 0}figcaption{color:#444}
"""


def page(title: str, body: str) -> str:
    """A whole page of HTML in Danish around what is said."""
    return (
        f'<!doctype html>\n<html lang="da"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main>\n{body}</main></body></html>\n"
    )
