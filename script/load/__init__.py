"""Loads a real server over its real wire: what script/bench and script/crash-test share."""
