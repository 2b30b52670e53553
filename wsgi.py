"""The entry point for servers and commands: settings from the environment, one app."""

import sys

from auditapp.factory import create_app
from auditapp.logs import configure_logs
from auditapp.settings import Settings, SettingsError

try:
    settings = Settings.from_environment()
    configure_logs(settings.log_level)
    app = create_app(settings)
except SettingsError as error:
    sys.exit(f"auditapp cannot start: {error}")
