"""Nothing leaves Markdown but what the allow-list names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.engine.policy import content_security_policy, sanitise


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ("<script>alert(1)</script>b", "b"),
        ("<style>p{}</style>b", "b"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href=" java\nscript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="&#106;avascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<img src="x" onerror="alert(1)">', '<img src="x">'),
        ('<img src="data:image/svg+xml;base64,AA==">', "<img>"),
        ('<img src="data:image/png;base64,AA==">', '<img src="data:image/png;base64,AA==">'),
        ("<article data-guide='x'>a</article>", "a"),
        ('<form action="/x"><button>go</button></form>', "go"),
        ('<p style="color:red">a</p>', "<p>a</p>"),
        ('<input type="password">', "<input>"),
        ("<p>Write <your name> here</p>", "<p>Write &lt;your name&gt; here</p>"),
        ("<svg><script>alert(1)</script></svg>", ""),
        ("<!-- note --><p>a</p>", "<p>a</p>"),
    ],
)
def test_what_is_left(html: str, left: str) -> None:
    """Dangerous parts go, the rest stays."""
    assert sanitise(html)[0] == left


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<script>x</script>", "<script> was taken out: it could run code or load from elsewhere"),
        ('<p onclick="x()">a</p>', 'onclick="x()" of <p> was taken out: it could run code or load from elsewhere'),
        ("<your-name>", "<your-name> is no HTML, it is shown as text. Write it in backticks: `<your-name>`"),
        ('<p foo="1">a</p>', 'foo="1" of <p> was taken out: a page has no use for it'),
    ],
)
def test_words(html: str, message: str) -> None:
    """The writer is told what was refused, and why."""
    assert message in [refused.message for refused in sanitise(html)[1]]


@pytest.mark.parametrize(
    "html", ['<p style="x">a</p>', '<td align="right">a</td>', '<a target="_blank" href="x">a</a>', '<font color="red">a</font>']
)
def test_looks_go_without_a_word(html: str) -> None:
    """Habits of old HTML are no news."""
    assert sanitise(html)[1] == []


@given(st.text(alphabet=st.sampled_from("<>/=\"' abonscripthrefjv:;&#\n"), max_size=80))
def test_any_text_is_safe(text: str) -> None:
    """Whatever is fed in, no script, handler or dangerous scheme comes out, and what came out is stable."""
    clean, _ = sanitise(text)
    again, _ = sanitise(clean)
    assert again == clean
    assert "<script" not in clean.lower()
    assert "javascript:" not in "".join(part for part in clean.lower().split() if "href=" in part)


def test_policy_forbids_inline_code() -> None:
    """The policy is the design's: nothing from elsewhere, nothing inline; frame-ancestors only as a header."""
    header = content_security_policy(header=True)
    assert header.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
    assert "frame-ancestors 'none'" in header
    assert "frame-ancestors" not in content_security_policy(header=False)
    assert "unsafe" not in header
