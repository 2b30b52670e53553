"""Templates compiled ahead are used as they are, and only while they are true."""

import pytest
from flask import Flask

from auditapp.web.compiled_templates import compile_all, read_compiled


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "hall.html").write_text("{{ name }} opens")
    compile_all(Flask(__name__, template_folder=tmp_path))
    return tmp_path


@pytest.fixture
def reader(folder):
    """Return an app that reads what was compiled, and the templates it compiles."""
    app = Flask(__name__, template_folder=folder)
    read_compiled(app)
    compiled, compile_one = [], app.jinja_env.compile

    def watched(source, name=None, *of, **named):
        compiled.append(name)
        return compile_one(source, name, *of, **named)

    app.jinja_env.compile = watched
    return app, compiled


def test_a_compiled_template_is_not_compiled_again(reader):
    app, compiled = reader

    assert app.jinja_env.get_template("hall.html").render(name="BD01") == "BD01 opens"
    assert compiled == []


def test_a_template_that_changed_is_compiled_and_nothing_is_written(reader, folder):
    app, compiled = reader
    (folder / "hall.html").write_text("{{ name }} closes")
    before = {path: path.read_bytes() for path in (folder / ".compiled").iterdir()}

    assert app.jinja_env.get_template("hall.html").render(name="BD01") == "BD01 closes"
    assert compiled == ["hall.html"]
    after = {path: path.read_bytes() for path in (folder / ".compiled").iterdir()}
    assert before == after != {}


def test_other_options_use_none_of_it(reader):
    app, compiled = reader
    app.jinja_env.trim_blocks = True
    read_compiled(app)

    app.jinja_env.get_template("hall.html")
    assert compiled == ["hall.html"]
