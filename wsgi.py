"""The entry point for servers and commands: settings from the environment, one app."""

import sys

from auditapp.factory import create_app
from auditapp.settings import Settings, SettingsError

try:
    app = create_app(Settings.from_environment())
except SettingsError as error:
    sys.exit(f"auditapp cannot start: {error}")
