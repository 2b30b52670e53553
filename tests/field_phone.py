"""A phone as the server meets it: a person's token and the requests of the wire."""

import json
from hashlib import sha256

from factories import make_token

WIRE = "/api/v1/field"


class Phone:
    """Sends what one auditor's phone sends."""

    def __init__(self, client, session, person):
        self.client = client
        self.person = person
        self.headers = {"Authorization": f"Bearer {make_token(session, person)}"}

    def get(self, path, **headers):
        return self.client.get(f"{WIRE}{path}", headers=self.headers | headers)

    def put_photo(self, photo, content_type="image/jpeg", name=None, **headers):
        return self.client.put(
            f"{WIRE}/evidence/{name or sha256(photo).hexdigest()}",
            data=photo,
            headers=self.headers | {"Content-Type": content_type} | headers,
        )

    def has_photo(self, photo):
        path = f"{WIRE}/evidence/{sha256(photo).hexdigest()}"
        return self.client.head(path, headers=self.headers).status_code

    def put(self, document, **changes):
        return self.put_raw(document["id"], json.dumps(document | changes))

    def put_raw(self, audit_id, body, content_type="application/json"):
        return self.client.put(
            f"{WIRE}/audits/{audit_id}",
            data=body,
            headers=self.headers | {"Content-Type": content_type},
        )

    def copy(self, audit_id):
        return self.get(f"/audits/{audit_id}")
