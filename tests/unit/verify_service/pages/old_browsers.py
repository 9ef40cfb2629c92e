"""What of a style sheet or a script a Chromium of 2019 (75 to 79) would trip over.

Old phones keep old WebViews, in WeChat too. Whatever such a browser does not know it leaves out: that is harmless for
decoration, and a broken page for anything else. So a property must be one that it knows, or stand in `MISSABLE`; newer
values need an older one before them; newer selectors must not take others with them.
"""

import re
from collections.abc import Iterator
from typing import Final

KNOWN: Final = frozenset(
    [
        "align-content",
        "align-items",
        "align-self",
        "background",
        "border",
        "border-bottom",
        "border-color",
        "border-left",
        "border-radius",
        "border-top",
        "bottom",
        "box-shadow",
        "box-sizing",
        "break-inside",
        "clip-path",
        "color",
        "content",
        "counter-increment",
        "counter-reset",
        "cursor",
        "display",
        "fill",
        "flex",
        "flex-basis",
        "flex-direction",
        "flex-wrap",
        "font",
        "font-display",
        "font-family",
        "font-size",
        "font-variant-numeric",
        "font-weight",
        "gap",
        "grid-area",
        "grid-column",
        "grid-template-columns",
        "height",
        "justify-content",
        "justify-self",
        "left",
        "letter-spacing",
        "line-break",
        "line-height",
        "list-style",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-width",
        "min-height",
        "min-width",
        "opacity",
        "outline",
        "outline-offset",
        "overflow",
        "overflow-wrap",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "place-items",
        "position",
        "resize",
        "right",
        "size",
        "src",
        "stroke",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-width",
        "text-align",
        "text-decoration",
        "text-size-adjust",
        "top",
        "unicode-range",
        "vertical-align",
        "white-space",
        "width",
        "word-break",
        "z-index",
    ]
)
MISSABLE: Final = frozenset(
    {"color-scheme", "text-autospace", "text-decoration-thickness", "text-underline-offset", "text-wrap"}
)
PREFIXED: Final = frozenset({"appearance", "mask", "mask-position", "mask-size"})
"""Known by these names later only: the older name must stand beside them."""
AT_RULES: Final = frozenset({"font-face", "media", "page"})
NEW_VALUE: Final = re.compile(r"(?<![\w-])(?:min|max|clamp|color-mix|oklch|lab)\(|\d(?:dvh|svh|lvh|dvw)\b|\banywhere\b")
NEW_SELECTOR: Final = re.compile(r":(?:is|where|has|focus-visible)\b|::file-selector-button|(?<!^)&|\[[^\]]+ [is]\]")
GENTLE_SELECTOR: Final = frozenset({":focus:not(:focus-visible)", ".field ::file-selector-button"})
"""Each alone in its rule, which an old browser drops, and the rule before it says what holds there."""
NEW_SYNTAX: Final = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"(?:\|\||&&)=",
    "BigInt": r"\b\d+n\b|\bBigInt\b",
    "private member": r"[\s.{;]#[a-z]",
    "static block": r"\bstatic\s*\{",
    "top-level await": r"(?m)^await\b",
    "newer method": r"\.(?:at|replaceAll|allSettled|any|findLast|hasOwn|toSorted|replaceChildren)\(",
    "newer function": r"\b(?:structuredClone|reportError|queueMicrotask)\(|\bAbortSignal\.",
}

_Rule = tuple[str, list[tuple[str, str]]]


def too_new_in_style(css: str) -> list[str]:
    """Return what an old Chromium would miss, each as a short sentence."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = list(_rules(css))
    found = [f"@{name}" for name in re.findall(r"@([\w-]+)", css) if name not in AT_RULES]
    flexible = {selector for selector, declared in rules if any(value.endswith("flex") for _, value in declared)}
    for selector, declared in rules:
        if NEW_SELECTOR.search(selector) and selector not in GENTLE_SELECTOR:
            found.append(f"selector {selector}")
        found += [f"{selector}: {problem}" for problem in _too_new(declared, is_flex=selector in flexible)]
    return found


def too_new_in_script(script: str) -> list[str]:
    """Return what of a script is newer than ES2019 or than such a browser."""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", script, flags=re.DOTALL)
    code = re.sub(r'"(?:[^"\\\n]|\\.)*"|/\^[^\n]+?/(?=[;.])', '""', code)
    return [name for name, pattern in NEW_SYNTAX.items() if re.search(pattern, code)]


def _rules(css: str) -> Iterator[_Rule]:
    for selector, block in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        pairs = [declaration.split(":", 1) for declaration in block.split(";") if declaration.strip()]
        yield selector.strip(), [(name.strip(), value.strip()) for name, value in pairs]


def _too_new(declared: list[tuple[str, str]], *, is_flex: bool) -> Iterator[str]:
    before: set[str] = set()
    for name, value in declared:
        is_ours = name.startswith(("--", "-webkit-"))
        if not is_ours and name not in KNOWN | MISSABLE | PREFIXED:
            yield f"property {name}"
        if name in PREFIXED and f"-webkit-{name}" not in before:
            yield f"{name} without its older name"
        if NEW_VALUE.search(value) and name not in before:
            yield f"value {value} without an older one before it"
        # Space between needs no gap but where both just fit.
        if name == "gap" and is_flex and ("justify-content", "space-between") not in declared:
            yield "gap of a flexible row"
        before.add(name)
