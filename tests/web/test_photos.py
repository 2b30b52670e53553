"""Photos on the desk: our own pixels, for those who may open the audit."""

import io

import pytest
from PIL import Image

from auditapp.jobs.runner import Runner
from desk_world import make_world, sign_in
from pictures import BROKEN, make_audit_with, picture


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def shot(app, session, world):
    """Return the address of a photo of an audit in the north by a10."""
    exif = Image.Exif()
    exif[0x010F] = "canary camera"
    photo = picture(1, (1600, 1200), exif=exif.tobytes())
    audit_id, (name,) = make_audit_with(app, session, world, [photo])
    return f"/photos/{audit_id}/{name}"


@pytest.mark.parametrize("login", ["hq", "rm_north", "sup", "a10"])
def test_who_may_open_the_audit_sees_its_photos(client, shot, login):
    sign_in(client, login)
    for side in (320, 1280):
        response = client.get(f"{shot}/{side}")
        assert response.status_code == 200
        assert max(Image.open(io.BytesIO(response.data)).size) == side


@pytest.mark.parametrize("login", ["rm_east", "sup_other", "a11", "hall_bd01", "cb1"])
def test_for_everybody_else_they_do_not_exist(client, shot, login):
    sign_in(client, login)
    name = shot.rsplit("/", 1)[1]
    denied = client.get(f"{shot}/320")
    absent = client.get(f"{shot}/320".replace(name, "0" * 64))
    assert (denied.status_code, absent.status_code) == (404, 404)
    assert denied.text.replace(name, "0" * 64) == absent.text


def test_nobody_sees_them_without_signing_in(client, shot):
    response = client.get(f"{shot}/320")
    assert response.status_code == 303
    assert "/sign-in" in response.headers["Location"]


def test_a_photo_of_another_audit_is_not_in_this_one(app, client, session, world, shot):
    _other, (name,) = make_audit_with(app, session, world, [picture(2)], auditor="a11")
    sign_in(client, "hq")
    assert client.get(shot.rsplit("/", 1)[0] + f"/{name}/320").status_code == 404


def test_only_the_two_sizes_are_made(client, shot):
    sign_in(client, "hq")
    assert client.get(f"{shot}/4000").status_code == 404


def test_what_is_served_is_ours_and_runs_nothing(client, shot):
    sign_in(client, "hq")
    response = client.get(f"{shot}/1280")
    assert b"canary" not in response.data
    assert response.content_type == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.cache_control.private
    again = client.get(
        f"{shot}/1280", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_a_photo_that_cannot_be_read_is_not_found_before_and_after_its_check(
    app, client, session, world
):
    audit_id, (name,) = make_audit_with(app, session, world, [BROKEN])
    sign_in(client, "hq")
    before = client.get(f"/photos/{audit_id}/{name}/320")
    Runner(app).run_due()
    after = client.get(f"/photos/{audit_id}/{name}/320")
    assert (before.status_code, after.status_code) == (404, 404)
    assert "打不开" in after.text
