"""Rules of the house that no linter knows."""

import ast
import dataclasses
import re
import subprocess
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from access_matrix import MAY
from access_world import PLAIN, RECORDS
from auditapp.domain.errors import DomainError
from auditapp.settings import Settings
from auditapp.web.errors import STATUS_OF, status_of
from auditapp.web.security import required_roles

ROOT = Path(__file__).parent.parent.parent
MAX_LINES = 300
MODULES = sorted((ROOT / "auditapp").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))


def named(path):
    return str(path.relative_to(ROOT))


def test_every_route_names_its_roles(app):
    open_views = {
        name
        for name, view in app.view_functions.items()
        if required_roles(view) is None
    }

    assert open_views <= {"static"}


def test_every_route_has_the_roles_and_arguments_that_the_access_tests_try(app):
    """What is new goes into tests/access_matrix.py, its arguments into access_world."""
    views = {name: v for name, v in app.view_functions.items() if name != "static"}
    arguments = set().union(*(rule.arguments for rule in app.url_map.iter_rules()))

    assert {name: required_roles(view) for name, view in views.items()} == MAY
    assert arguments <= RECORDS.keys() | PLAIN.keys()


def subclasses(kind):
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_domain_error_has_a_status_a_code_and_both_languages(app):  # noqa: ARG001  it imports all
    for kind in subclasses(DomainError):
        assert any(base in STATUS_OF for base in kind.mro()), kind
        assert kind.code != DomainError.code, kind
        assert kind.text.zh, kind
        assert kind.text.en, kind


def test_an_error_without_a_line_of_its_own_takes_its_parents_status():
    for kind, status in STATUS_OF.items():
        error = type("Special", (kind,), {"__init__": lambda _self: None})()

        assert status_of(error) == status


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_stay_small(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_use_every_macro_they_import(path):
    tree = Environment(extensions=["jinja2.ext.do"]).parse(path.read_text())  # noqa: S701  only parsed
    imported = {
        name[1] if isinstance(name, tuple) else name
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    }
    used = {node.name for node in tree.find_all(nodes.Name)}

    assert imported <= used


@pytest.mark.parametrize("path", COMPONENTS, ids=named)
def test_a_component_is_one_macro_in_a_file_of_its_name(path):
    macros = re.findall(r"{%-? macro (\w+)", path.read_text())

    assert macros == ([] if path.stem == "sprite" else [path.stem])


def test_every_component_is_used():
    pages = "".join(path.read_text() for path in TEMPLATES)
    unused = [c.name for c in COMPONENTS if f"components/{c.name}" not in pages]

    assert not unused


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_hold_no_style_and_no_script(path):
    text = path.read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_form_that_changes_something_proves_where_it_comes_from(path):
    for form in re.findall(
        r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL
    ):
        assert re.search(r"{{ (token|proof)\(\) }}|csrf_token", form)


def test_every_icon_is_in_the_sprite():
    sprite = (ROOT / "templates/components/sprite.html").read_text()
    known = set(re.findall(r'id="i-([\w-]+)"', sprite))
    used = set()
    for path in TEMPLATES:
        text = path.read_text()
        used |= set(re.findall(r'"#i-([\w-]+)"', text))
        used |= set(re.findall(r'icon\("([\w-]+)"\)', text))

    assert used <= known


def test_every_setting_is_documented():
    text = (ROOT / "docs/operations.md").read_text()
    source = (ROOT / "auditapp/settings.py").read_text()
    variables = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source)) - {"DEMO_SECRET_FILE"}

    assert len(variables) >= len(dataclasses.fields(Settings)) - 1
    assert {name for name in variables if f"`{name}`" not in text} == set()


def public_classes():
    for path in (ROOT / "auditapp/domain").rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name


def test_every_domain_class_is_a_word_of_the_glossary():
    glossary = (ROOT / "docs/glossary.md").read_text()
    words = {name for name in public_classes() if not name.endswith("Error")}
    listed = set(re.findall(r"`([A-Z]\w+)`", glossary))

    assert words - listed == set(), "not in docs/glossary.md"
    assert listed - words == set(), "in docs/glossary.md only"


def test_no_domain_class_uses_a_word_we_never_say():
    rows = re.findall(
        r"^\|.*\|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE
    )
    never = {
        word.strip().lower()
        for row in rows
        if row.count("|") == 6  # the first table
        for word in row.split("|")[5].split(",")
    }
    used = {
        part.lower()
        for name in public_classes()
        for part in re.findall(r"[A-Z][a-z]+", name)
    }

    assert not used & (never - {"", "never", "---"})


def test_both_dark_themes_are_the_same():
    css = (ROOT / "static/css/tokens.css").read_text()
    chosen = re.search(r':root\[data-theme="dark"\] {(.*?)}', css, re.DOTALL).group(1)
    by_system = re.search(r":root:not\(\[data-theme\]\) {(.*?)}", css, re.DOTALL).group(
        1
    )

    assert chosen.split() == by_system.split()


def test_sizes_and_colours_of_pages_come_from_the_tokens():
    css = (ROOT / "static/css/pages.css").read_text()

    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|font-size:\s*\d", css)


def test_no_file_names_a_package_registry():
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js", "deb.deb" + "ian")
    tracked = subprocess.run(
        ["git", "grep", "-lIE", "|".join(hosts), "--", ".", ":!static/vendor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert tracked.stdout == ""
